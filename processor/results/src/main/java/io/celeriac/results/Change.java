package io.celeriac.results;

import io.celeriac.contract.TaskResult;
import java.time.Instant;

/**
 * A result as its record brought it.
 *
 * @param result what the record says
 * @param at the record's timestamp: stands in for the submission where the result does not tell it, and for the end of an
 *     attempt that another follows
 */
record Change(TaskResult result, Instant at) {

    /**
     * The row rule: a final state replaces any other, and among equals the higher revision does, or the later record of
     * the same revision. The SQL of {@link Upsert} says the same.
     */
    boolean replaces(Change other) {
        var isFinal = result.state().isFinal();
        var otherIsFinal = other.result.state().isFinal();
        return isFinal == otherIsFinal ? result.revision() >= other.result.revision() : isFinal;
    }
}
