package io.celeriac.engine.task;

import io.celeriac.contract.rule.Limits;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The record that brought a task, byte for byte, so that it can be set aside unchanged.
 *
 * @param queue the queue
 * @param topic the queue's topic
 * @param partition of the record
 * @param offset of the record
 * @param timestamp of the record
 * @param key of the record; null for none
 * @param value of the record; null for a tombstone, which is no task
 * @param headers of the record
 */
public record SourceRecord(
        String queue,
        String topic,
        int partition,
        long offset,
        Instant timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers) {

    /** Bytes of key, value and headers. */
    public int size() {
        return Limits.size(key, value, List.of(headers.toArray()));
    }
}
