package io.celeriac.controlweb.queue;

import static java.util.stream.Collectors.toMap;

import io.celeriac.contract.topic.Topics;
import io.celeriac.controlweb.queue.QueueOffsets.Place;
import io.celeriac.controlweb.queue.QueueOffsets.Queue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker for the offsets of all queues, at most every two seconds. All readers share an answer, so that many open pages cost the
 * broker what one does. When the broker does not answer, the last answer is given, with its age. Safe for use by several threads.
 */
final class QueueSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSampler.class);
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration READ_PATIENCE = Duration.ofMillis(500);
    private static final Duration RATED = Duration.ofMinutes(1);
    private static final Duration APART = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    /** The first record of a partition that nobody has taken, by where it is: it stays there until somebody takes it. */
    private record Head(TopicPartition partition, long offset) {}

    private final Admin admin;
    private final Topics topics;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<QueueOffsets> history = new ConcurrentLinkedDeque<>(); // oldest first
    private volatile @Nullable QueueOffsets last;
    private Map<Head, Instant> heads = Map.of(); // guarded by lock, as all below
    private @Nullable Consumer<byte[], byte[]> consumer;

    QueueSampler(Admin admin, Topics topics, Supplier<Consumer<byte[], byte[]>> consumers, InstantSource clock) {
        this.admin = admin;
        this.topics = topics;
        this.consumers = consumers;
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * The offsets of all queues; blocks for some seconds at most.
     *
     * @throws KafkaException when the broker has never answered
     */
    QueueOffsets sample() {
        var known = last;
        if (known != null && isFresh(known)) {
            return known;
        }
        lock.lock();
        try {
            known = last;
            if (known != null && isFresh(known)) {
                return known;
            }
            var fresh = ask();
            last = fresh;
            remember(fresh);
            return fresh;
        } catch (KafkaException e) {
            if (known == null) {
                throw e;
            }
            LOG.debug("the broker does not answer; the offsets of {} are given", known.at(), e);
            return known;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The offsets of one queue as they are now, not as they were a moment ago: what was submitted before the call lies before its ends.
     *
     * @throws KafkaException when the broker does not answer
     */
    Queue ask(String queue) {
        lock.lock();
        try {
            var fresh = ask();
            last = fresh;
            return Objects.requireNonNull(fresh.queues().get(queue), queue);
        } finally {
            lock.unlock();
        }
    }

    /** The oldest of the samples of the last minute; empty when nobody asked in that minute. */
    Optional<QueueOffsets> before(QueueOffsets sample) {
        var since = sample.at().minus(RATED);
        return history.stream()
                .filter(old -> !old.at().isBefore(since)
                        && old.at().isBefore(sample.at().minus(APART)))
                .findFirst();
    }

    private void remember(QueueOffsets fresh) {
        var newest = history.peekLast();
        if (newest == null || !fresh.at().isBefore(newest.at().plus(APART))) {
            history.addLast(fresh);
        }
        history.removeIf(old -> old.at().isBefore(fresh.at().minus(RATED)));
    }

    /** Whether a sample is from now, or from the last time that the broker answered. */
    boolean isFresh(QueueOffsets sample) {
        return !clock.instant().isAfter(sample.at().plus(FRESH));
    }

    private QueueOffsets ask() {
        var at = clock.instant();
        var names = answer(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith(topics.tasksPrefix()))
                .toList();
        var described = answer(admin.describeTopics(names).allTopicNames());
        var partitions = described.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        var ends = admin.listOffsets(all(partitions, OffsetSpec.latest())).all();
        var beginnings =
                admin.listOffsets(all(partitions, OffsetSpec.earliest())).all();
        var queues = new TreeMap<String, Queue>();
        var committed = committed(described.keySet().stream().map(this::queue).toList());
        for (var topic : described.values()) {
            queues.put(queue(topic.name()), queue(topic, answer(beginnings), answer(ends), committed));
        }
        return new QueueOffsets(at, withHeads(queues));
    }

    private Queue queue(
            TopicDescription topic,
            Map<TopicPartition, ListOffsetsResultInfo> beginnings,
            Map<TopicPartition, ListOffsetsResultInfo> ends,
            Map<TopicPartition, OffsetAndMetadata> committed) {
        var places = new TreeMap<Integer, Place>();
        for (var info : topic.partitions()) {
            var partition = new TopicPartition(topic.name(), info.partition());
            var place = committed.get(partition);
            places.put(
                    info.partition(),
                    new Place(
                            Objects.requireNonNull(beginnings.get(partition)).offset(),
                            Objects.requireNonNull(ends.get(partition)).offset(),
                            place == null ? null : place.offset(),
                            null));
        }
        return new Queue(topic.topicId().toString(), places);
    }

    private String queue(String topic) {
        return topic.substring(topics.tasksPrefix().length());
    }

    private static Map<TopicPartition, OffsetSpec> all(List<TopicPartition> partitions, OffsetSpec which) {
        return partitions.stream().collect(toMap(Function.identity(), partition -> which));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(List<String> queues) {
        var committed = new HashMap<TopicPartition, OffsetAndMetadata>();
        if (queues.isEmpty()) {
            return committed;
        }
        var asked = admin.listConsumerGroupOffsets(
                queues.stream().collect(toMap(topics::workerGroup, queue -> new ListConsumerGroupOffsetsSpec())));
        for (var queue : queues) {
            try {
                answer(asked.partitionsToOffsetAndMetadata(topics.workerGroup(queue)))
                        .forEach((partition, place) -> {
                            if (place != null) {
                                committed.put(partition, place);
                            }
                        });
            } catch (GroupIdNotFoundException e) {
                LOG.debug("no worker has ever taken queue {}", queue, e);
            }
        }
        return committed;
    }

    private SortedMap<String, Queue> withHeads(SortedMap<String, Queue> queues) {
        var wanted = new ArrayList<Head>();
        queues.forEach((name, queue) -> queue.partitions().forEach((partition, place) -> {
            if (place.unread() > 0) {
                wanted.add(new Head(new TopicPartition(topics.tasks(name), partition), place.next()));
            }
        }));
        heads = heads(wanted);
        var with = new TreeMap<String, Queue>();
        queues.forEach((name, queue) -> {
            var places = new TreeMap<Integer, Place>();
            queue.partitions().forEach((partition, place) -> {
                var head = new Head(new TopicPartition(topics.tasks(name), partition), place.next());
                places.put(partition, place.since(heads.get(head)));
            });
            with.put(name, new Queue(queue.topicId(), places));
        });
        return with;
    }

    /** Reads the times of records, as far as they are not known and come soon. A time that is not known stays so until the next sample. */
    private Map<Head, Instant> heads(List<Head> wanted) {
        var found = new HashMap<Head, Instant>();
        var missing = new HashMap<TopicPartition, Head>();
        for (var head : wanted) {
            var at = heads.get(head);
            if (at == null) {
                missing.put(head.partition(), head);
            } else {
                found.put(head, at);
            }
        }
        if (!missing.isEmpty()) {
            try {
                read(missing, found);
            } catch (KafkaException e) {
                LOG.warn("the oldest records of {} queues could not be read", missing.size(), e);
                release();
            }
        }
        return found;
    }

    private void read(Map<TopicPartition, Head> missing, Map<Head, Instant> found) {
        var own = consumer == null ? consumers.get() : consumer;
        consumer = own;
        own.assign(missing.keySet());
        own.resume(missing.keySet()); // paused by an earlier read
        missing.forEach((partition, head) -> own.seek(partition, head.offset()));
        var deadline = System.nanoTime() + READ_PATIENCE.toNanos();
        while (!missing.isEmpty() && System.nanoTime() < deadline) {
            var records = own.poll(POLL);
            for (var partition : records.partitions()) {
                var head = missing.remove(partition);
                if (head != null) {
                    found.put(
                            head,
                            Instant.ofEpochMilli(
                                    records.records(partition).get(0).timestamp()));
                }
                own.pause(List.of(partition));
            }
        }
    }

    private static <T> T answer(KafkaFuture<T> question) {
        try {
            return question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private void release() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            release();
        } finally {
            lock.unlock();
        }
    }
}
