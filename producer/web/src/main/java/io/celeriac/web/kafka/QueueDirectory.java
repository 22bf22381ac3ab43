package io.celeriac.web.kafka;

import io.celeriac.contract.topic.Topics;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Knows which queues exist. It asks the broker about an unknown queue at once, so that a new queue is accepted immediately.
 * It asks again after ten seconds, so that a deleted queue is not accepted for longer. Concurrent callers share one request.
 */
public final class QueueDirectory {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BELIEVED = Duration.ofSeconds(10);

    private final Admin admin;
    private final Topics topics;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Known known = new Known(new TreeSet<>(), null, System.nanoTime() - BELIEVED.toNanos());

    /**
     * @param failure of the last request; null when the broker answered
     * @param askedAt before the request was sent
     */
    private record Known(SortedSet<String> queues, @Nullable KafkaException failure, long askedAt) {

        boolean isFresh() {
            return failure == null && System.nanoTime() - askedAt < BELIEVED.toNanos();
        }
    }

    QueueDirectory(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /**
     * True when the queue exists.
     *
     * @throws KafkaException when the broker has to be asked and does not answer within five seconds
     */
    boolean has(String queue) {
        var latest = known;
        return (latest.isFresh() && latest.queues().contains(queue)) || asked().contains(queue);
    }

    /**
     * Refuses a queue that is not there. The problem names those that the caller sees.
     *
     * @param field named in the problem
     * @throws ProblemException when there is no such queue
     */
    public void require(Caller caller, String field, String queue) {
        if (!has(queue)) {
            var seen = known().stream().filter(caller::sees).toList();
            throw ProblemException.invalid(
                    field,
                    "must be a queue that exists, but there is no " + queue
                            + (seen.isEmpty() ? ", and no queue of yours" : ", only " + seen));
        }
    }

    /**
     * True when the partition exists and its end is beyond this offset.
     *
     * @throws KafkaException when the broker does not answer within five seconds
     */
    public boolean hasGiven(TopicPartition partition, long offset) {
        var topic = partition.topic();
        try {
            var description = answer(
                    admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
            return partition.partition() < description.partitions().size()
                    && offset
                            < answer(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                            .partitionResult(partition))
                                    .offset();
        } catch (UnknownTopicOrPartitionException e) {
            return false;
        }
    }

    private static <T> T answer(@Nullable KafkaFuture<T> question) {
        try {
            return Objects.requireNonNull(question).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    /** The queues of the last answer, sorted. */
    SortedSet<String> known() {
        return known.queues();
    }

    /** The answer to a request that was sent after this call began. */
    private SortedSet<String> asked() {
        var came = System.nanoTime();
        asking.lock();
        try {
            if (known.askedAt() - came < 0) {
                known = ask();
            }
            var failure = known.failure();
            if (failure != null) {
                throw new KafkaException("the queues are not known", failure);
            }
            return known.queues();
        } finally {
            asking.unlock();
        }
    }

    private Known ask() {
        var begun = System.nanoTime();
        var names = new TreeSet<String>();
        try {
            for (var topic : answer(PATIENCE.toMillis())) {
                if (topic.startsWith(topics.tasksPrefix())) {
                    names.add(topic.substring(topics.tasksPrefix().length()));
                }
            }
            return new Known(names, null, begun);
        } catch (KafkaException e) {
            return new Known(known.queues(), e, begun);
        }
    }

    private Iterable<String> answer(long millis) {
        try {
            return admin.listTopics(new ListTopicsOptions().timeoutMs((int) millis))
                    .names()
                    .get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the queues are not known", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }
}
