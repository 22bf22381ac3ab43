package io.celeriac.engine.task;

import io.celeriac.contract.rule.Limits;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that is ready to be sent.
 *
 * @param destination kind of the topic that it goes to
 * @param topic name of that topic
 * @param key null for none
 * @param value null for a tombstone
 * @param headers of the record
 */
public record OutboundRecord(
        Destination destination, String topic, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {

    /** Bytes of key, value and headers. */
    public int size() {
        return Limits.size(key, value, headers);
    }

    /** The kinds of topic that a worker writes to. */
    public enum Destination {
        RESULTS,
        NEXT_STEPS,
        WORKFLOW_EVENTS,
        DEAD_LETTERS
    }

    /** Whether it is a task that another task emits, whose topic may be missing. */
    public boolean isNextStep() {
        return destination == Destination.NEXT_STEPS;
    }
}
