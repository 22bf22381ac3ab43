package io.celeriac.bench.harness;

import io.celeriac.bench.report.Rounded;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.BitSet;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/** The results of numbered tasks as they became visible. */
public final class Arrivals {

    private final int sample;
    private final BitSet seen = new BitSet();
    private int distinct;
    private long records;
    private long bytes;
    private int firstBatch;
    private long first;
    private long last;
    private @Nullable Instant begun;

    /**
     * @param sample of how many results one is looked into; parsing half a million would take the cores away from what is
     *     measured
     */
    public Arrivals(int sample) {
        this.sample = sample;
    }

    void add(ConsumerRecords<byte[], byte[]> batch) {
        if (batch.isEmpty()) {
            return;
        }
        var now = System.nanoTime();
        var before = distinct;
        batch.forEach(this::add);
        if (before == 0 && distinct > 0) {
            first = now;
            firstBatch = distinct;
        }
        if (distinct > before) {
            last = now;
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        var number = TaskIds.number(record.key());
        if (number < 0) {
            return;
        }
        if (records % sample == 0) {
            check(record);
        }
        records++;
        bytes += record.value().length;
        if (!seen.get(number)) {
            seen.set(number);
            distinct++;
        }
    }

    private void check(ConsumerRecord<byte[], byte[]> record) {
        var result = TaskJson.result(record.value());
        if (result.state() != TaskState.SUCCESS) {
            throw new IllegalStateException("a task came to no good end: " + result);
        }
        var startedAt = result.startedAt();
        if (startedAt != null && (begun == null || startedAt.isBefore(begun))) {
            begun = startedAt;
        }
    }

    /** When the first of the tasks that were looked at started, by the clock of its worker. */
    public Instant begun() {
        return Objects.requireNonNull(begun, "nothing has arrived");
    }

    /** When the last batch with a result came, by {@link System#nanoTime}. */
    public long lastAt() {
        return last;
    }

    /** How many tasks have a result. */
    public int distinct() {
        return distinct;
    }

    /** How many results there are, repeated ones too. */
    public long records() {
        return records;
    }

    /** Of a result's JSON, on the average. */
    public double bytesPerResult() {
        return Rounded.to(0, bytes / (double) records);
    }

    /** From the first batch of results on, which is not counted itself. */
    public double perSecond() {
        return Rounded.to(1, (distinct - firstBatch) * 1e9 / (last - first));
    }
}
