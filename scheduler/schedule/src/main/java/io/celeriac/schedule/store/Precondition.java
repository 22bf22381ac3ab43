package io.celeriac.schedule.store;

import java.util.OptionalLong;

/** What must hold of the schedule that is there for a change to be made. */
@FunctionalInterface
public interface Precondition {

    /** Nothing. */
    Precondition NONE = version -> true;

    /**
     * Whether it holds.
     *
     * @param version of the schedule; empty when there is none
     */
    boolean holds(OptionalLong version);

    /** That the schedule still has the version that the change was made from. */
    static Precondition version(long version) {
        return there -> there.isPresent() && there.getAsLong() == version;
    }
}
