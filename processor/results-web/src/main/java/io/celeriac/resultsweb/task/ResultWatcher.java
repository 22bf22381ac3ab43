package io.celeriac.resultsweb.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.resultsweb.event.ResultListener;
import io.celeriac.web.loop.Loop;
import io.celeriac.web.loop.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the results topic for calls that wait for a result. Each gateway reads the whole topic from its end, without a
 * group. It keeps the latest results for two minutes as bytes, and parses them only on demand, so that results for which
 * nobody waits cost next to nothing.
 *
 * <p>One thread owns the consumer; any thread may ask.
 */
public final class ResultWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultWatcher.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);
    private static final Duration BROKER_PATIENCE = Duration.ofSeconds(5);

    private final String topic;
    private final RedactionRules rules;
    private final ResultListener listener;
    private final Cache<String, byte[]> latest;
    private final Map<String, List<CompletableFuture<TaskResult>>> waiting = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>(); // the next offset of each partition
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Loop loop = new Loop("result-watcher", this::pollOnce, this::closeConsumer);
    private volatile Consumer<byte[], byte[]> consumer;
    private long lookedForPartitions = System.nanoTime();
    private int failed;

    /**
     * @param consumers each read_committed, without group, and with {@code auto.offset.reset=latest}; closed by this
     *     class. It opens another one when a consumer keeps failing
     * @param rules redact results that were published before the rules existed
     * @param listener receives all records, so that one consumer is enough for a gateway
     * @param keptBytes of the latest results
     * @param loops watches the thread
     */
    ResultWatcher(
            Supplier<Consumer<byte[], byte[]>> consumers,
            String topic,
            RedactionRules rules,
            ResultListener listener,
            long keptBytes,
            Loops loops) {
        this.topic = topic;
        this.rules = rules;
        this.listener = listener;
        this.consumers = consumers;
        latest = Caffeine.newBuilder()
                .maximumWeight(keptBytes)
                .weigher((String id, byte[] json) -> id.length() + json.length + 100)
                .expireAfterWrite(Duration.ofMinutes(2))
                .build();
        consumer = consumers.get();
        loops.watch(loop);
    }

    /**
     * Begins to read. No result that is written after its return is missed.
     *
     * @throws KafkaException when the broker does not answer
     */
    void start() {
        lookForPartitions();
        consumer.seekToEnd(next.keySet());
        var begin = new HashMap<Integer, Long>();
        for (var partition : List.copyOf(next.keySet())) { // a seek is lazy, a position is not
            var position = consumer.position(partition);
            next.put(partition, position);
            begin.put(partition.partition(), position);
        }
        listener.begins(begin);
        loop.start();
    }

    /** The task's latest state, if its record was read lately. */
    Optional<TaskResult> latest(String id) {
        return Optional.ofNullable(latest.getIfPresent(id)).flatMap(json -> read(id, json));
    }

    /**
     * Completes as soon as the task is final; at once if it became final lately. It completes on the watcher's thread, so
     * dependent stages must not block. A caller that gives up cancels it.
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
        loop.end();
        consumer.wakeup();
        loop.join(POLL.multipliedBy(10));
    }

    private void leave(String id, CompletableFuture<TaskResult> result) {
        waiting.computeIfPresent(id, (key, all) -> {
            all.removeIf(one -> one == result);
            return all.isEmpty() ? null : all;
        });
    }

    /** Polls once. If that fails, waiting calls still have the database. */
    private void pollOnce() {
        try {
            var records = consumer.poll(POLL);
            records.forEach(this::seenOrPassedOver);
            records.nextOffsets().forEach((partition, offset) -> next.put(partition, offset.offset()));
            listener.polled(records);
            if (System.nanoTime() - lookedForPartitions > LOOK_FOR_PARTITIONS.toNanos()) {
                lookedForPartitions = System.nanoTime();
                lookForPartitions();
            }
            failed = 0;
        } catch (KafkaException e) {
            failed++;
            if (failed % Loop.FAILURES_IN_A_ROW == 0) {
                reopen();
            }
            throw e;
        }
    }

    /** Opens another consumer, which goes on where this one stopped. */
    private void reopen() {
        closeConsumer();
        consumer = consumers.get();
        consumer.assign(next.keySet());
        next.forEach((partition, offset) -> consumer.seek(partition, offset));
        if (loop.isEnding()) {
            consumer.wakeup();
        }
    }

    private void closeConsumer() {
        try {
            consumer.close(CloseOptions.timeout(BROKER_PATIENCE));
        } catch (KafkaException e) {
            LOG.debug("a consumer was not closed properly", e);
        }
    }

    /** Assigns partitions that are new, and reads them from their beginning, since nobody has read them before. */
    private void lookForPartitions() {
        var added = new ArrayList<TopicPartition>();
        for (var info : consumer.partitionsFor(topic, BROKER_PATIENCE)) {
            var partition = new TopicPartition(topic, info.partition());
            if (next.putIfAbsent(partition, 0L) == null) {
                added.add(partition);
            }
        }
        if (!added.isEmpty()) {
            consumer.assign(next.keySet());
            consumer.seekToBeginning(added);
        }
    }

    private void seenOrPassedOver(ConsumerRecord<byte[], byte[]> record) {
        try {
            seen(record);
        } catch (RuntimeException | StackOverflowError e) { // one record must not hide the others from waiting calls
            LOG.warn(
                    "the record {}-{}@{} is skipped; waiting calls do not see it",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e);
        }
    }

    private void seen(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        var id = new String(record.key(), UTF_8);
        latest.put(id, record.value()); // before the lookup of waiting calls: each checks this after it has registered
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
