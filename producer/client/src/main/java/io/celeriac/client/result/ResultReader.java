package io.celeriac.client.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the results topic once for all task handles of a process.
 *
 * <pre>
 * first watch ──▶ ResultTail reads all partitions from their end on, and stops when nobody has waited for a while
 * each watch  ──▶ LookBack reads the watch's partition from where its result may begin, up to the tail's place
 * </pre>
 *
 * <p>It parses only the records of ids that somebody watches. Safe for use by several threads.
 */
public final class ResultReader implements ResultSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);

    private final ConcurrentHashMap<String, ResultWatch> watches = new ConcurrentHashMap<>();
    private final Executor executor;
    private final ResultReaderProperties properties;
    private final ResultTail tail;
    private final LookBack recent;
    private final LookBack old;

    /**
     * @param topic of the results
     * @param executor runs listeners and what depends on a handle's result
     */
    public ResultReader(
            ConsumerSource consumers,
            String topic,
            ResultReaderProperties properties,
            InstantSource clock,
            Executor executor) {
        this.executor = executor;
        this.properties = properties;
        tail = new ResultTail(
                () -> consumers.open(Map.of()), topic, properties.idle(), this::read, () -> !watches.isEmpty(), clock);
        recent = new LookBack("recent", consumers, topic, properties, this::read);
        old = new LookBack("old", consumers, topic, properties, this::read);
    }

    @Override
    public Duration answerTimeout() {
        return properties.answerTimeout();
    }

    /** Empty when the reader does not run. */
    @Override
    public OptionalLong place(String id) {
        return tail.place(id.getBytes(UTF_8));
    }

    @Override
    public ResultWatch watch(String id, Since since) {
        var isNew = new boolean[1];
        var watch = watches.compute(id, (key, known) -> {
            isNew[0] = known == null;
            var used = known == null ? new ResultWatch(id, executor) : known;
            used.acquired();
            return used;
        });
        if (isNew[0]) {
            tail.reading().thenAccept(places -> lookBack(watch, since, places));
        }
        return watch;
    }

    private void lookBack(ResultWatch watch, Since since, ResultTail.Places places) {
        var key = watch.id().getBytes(UTF_8);
        var partition = places.partition(key);
        var until = places.of(partition);
        if (since.offset() != null && since.offset() >= until) {
            watch.caughtUp().complete(null);
        } else {
            (since.isBeginning() ? old : recent).add(new LookBack.Search(watch, partition, since, until));
        }
    }

    @Override
    public void release(ResultWatch watch) {
        watches.computeIfPresent(watch.id(), (id, known) -> known == watch && watch.released() ? null : known);
    }

    /** Why the reader cannot reach the broker at the moment; empty when it can, or does not run. */
    @Override
    public Optional<String> failure() {
        return tail.failure().or(recent::failure).or(old::failure);
    }

    private void read(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        var key = record.key();
        var value = record.value();
        if (key == null || value == null || watches.isEmpty()) {
            return; // deleted by retention, or not ours
        }
        var watch = watches.get(new String(key, UTF_8));
        if (watch != null) {
            result(record, value).ifPresent(watch::offer);
        }
    }

    private static Optional<TaskResult> result(ConsumerRecord<?, ?> record, byte[] value) {
        try {
            return Optional.of(TaskJson.result(value));
        } catch (InvalidTaskException e) {
            LOG.warn("No result: {}-{}@{} {}", record.topic(), record.partition(), record.offset(), e.getMessage());
            return Optional.empty();
        }
    }

    /** Stops reading. Who still waits gets no further result. */
    @Override
    public void close() {
        tail.close();
        recent.close();
        old.close();
    }
}
