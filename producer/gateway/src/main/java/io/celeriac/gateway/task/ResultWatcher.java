package io.celeriac.gateway.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.contract.InvalidTaskException;
import io.celeriac.contract.RedactionRules;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.TaskResult;
import io.celeriac.gateway.event.ResultListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the results pass by, for those who wait for one: each gateway reads the whole topic from its end, without a
 * group. The latest are kept for a while as bytes, and read only when someone asks, so that what nobody waits for costs
 * next to nothing.
 *
 * <p>One thread owns the consumer; any thread may ask.
 */
final class ResultWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultWatcher.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);
    private static final long MAX_KEPT_BYTES = 64L << 20;

    private final String topic;
    private final RedactionRules rules;
    private final ResultListener listener;
    private final Cache<String, byte[]> latest = Caffeine.newBuilder()
            .maximumWeight(MAX_KEPT_BYTES)
            .weigher((String id, byte[] json) -> id.length() + json.length + 100)
            .expireAfterWrite(Duration.ofMinutes(2))
            .build();
    private final Map<String, List<CompletableFuture<TaskResult>>> waiting = new ConcurrentHashMap<>();
    private final Set<TopicPartition> partitions = new HashSet<>();
    private final Thread thread = new Thread(this::run, "result-watcher");
    private volatile boolean closed;
    private final Consumer<byte[], byte[]> consumer;
    private long lookedForPartitions = System.nanoTime();

    /**
     * @param consumer read_committed, without group, and with {@code auto.offset.reset=latest}; closed by this class
     * @param rules for what was published before they were made
     * @param listener hears all that goes by, so that one consumer is enough for a gateway
     */
    ResultWatcher(Consumer<byte[], byte[]> consumer, String topic, RedactionRules rules, ResultListener listener) {
        this.topic = topic;
        this.rules = rules;
        this.listener = listener;
        this.consumer = consumer;
    }

    /**
     * Begins. Once it returns, no later result goes by unseen.
     *
     * @throws KafkaException when the broker does not answer
     */
    void start() {
        assign();
        consumer.seekToEnd(partitions);
        var begin = new HashMap<Integer, Long>();
        for (var partition : partitions) { // a seek is lazy, a position is not
            begin.put(partition.partition(), consumer.position(partition));
        }
        listener.begins(begin);
        thread.setDaemon(true);
        thread.start();
    }

    /** The task's last state that went by lately. */
    Optional<TaskResult> latest(String id) {
        return Optional.ofNullable(latest.getIfPresent(id)).flatMap(json -> read(id, json));
    }

    /**
     * Completes as soon as the task is final, on the watcher's thread, so do not block in what depends on it; at once
     * when it became so lately. Whoever gives up cancels it.
     */
    CompletableFuture<TaskResult> finalResult(String id) {
        var result = new CompletableFuture<TaskResult>();
        waiting.compute(id, (key, others) -> {
            var all = others == null ? new CopyOnWriteArrayList<CompletableFuture<TaskResult>>() : others;
            all.add(result);
            return all;
        });
        result.whenComplete((value, error) -> leave(id, result));
        latest(id).filter(known -> known.state().isFinal()).ifPresent(result::complete);
        return result;
    }

    int waiting() {
        return waiting.size();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(POLL.multipliedBy(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(String id, CompletableFuture<TaskResult> result) {
        waiting.computeIfPresent(id, (key, all) -> {
            all.removeIf(one -> one == result);
            return all.isEmpty() ? null : all;
        });
    }

    private void run() {
        try (var current = consumer) {
            while (!closed) {
                pollOnce(current);
            }
        } catch (WakeupException e) {
            LOG.debug("closing", e);
        }
    }

    private void pollOnce(Consumer<byte[], byte[]> current) {
        try {
            var records = current.poll(POLL);
            records.forEach(this::seen);
            listener.polled(records);
            if (System.nanoTime() - lookedForPartitions > LOOK_FOR_PARTITIONS.toNanos()) {
                lookedForPartitions = System.nanoTime();
                assign();
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) { // the broker is away, or refuses: those who wait still have the database
            LOG.warn("results cannot be watched, trying again", e);
        }
    }

    /** Also takes up partitions that were added; whole, since nobody could have read them before. */
    private void assign() {
        var added = new ArrayList<TopicPartition>();
        for (var info : consumer.partitionsFor(topic)) {
            var partition = new TopicPartition(topic, info.partition());
            if (partitions.add(partition)) {
                added.add(partition);
            }
        }
        if (!added.isEmpty()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(added);
        }
    }

    private void seen(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        var id = new String(record.key(), UTF_8);
        latest.put(id, record.value()); // before the look at who waits: they look here after they came
        var interested = waiting.get(id);
        if (interested != null) {
            read(id, record.value())
                    .filter(result -> result.state().isFinal())
                    .ifPresent(result -> interested.forEach(one -> one.complete(result)));
        }
    }

    private Optional<TaskResult> read(String id, byte[] json) {
        try {
            return Optional.of(rules.redact(TaskJson.result(json)));
        } catch (InvalidTaskException e) {
            LOG.debug("the result of {} is unreadable; the materializer sets it aside: {}", id, e.withoutValues());
            return Optional.empty();
        }
    }
}
