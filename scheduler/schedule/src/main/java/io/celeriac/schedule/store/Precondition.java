package io.celeriac.schedule.store;

import java.util.OptionalLong;

/** A condition on the stored schedule, without which it is not changed. */
@FunctionalInterface
public interface Precondition {

    /**
     * Whether the condition holds.
     *
     * @param version of the schedule; empty if there is none
     */
    boolean holds(OptionalLong version);

    /** The schedule must still have this version. */
    static Precondition version(long version) {
        return there -> there.isPresent() && there.getAsLong() == version;
    }
}
