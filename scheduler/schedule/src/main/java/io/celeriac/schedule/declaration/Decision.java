package io.celeriac.schedule.declaration;

import io.celeriac.schedule.Schedule;
import org.jspecify.annotations.Nullable;

/** The decision about one declared schedule. */
sealed interface Decision {

    /** Whether the decision changes an existing schedule. */
    default boolean changesWhatIsThere() {
        return this instanceof Replace || this instanceof Delete;
    }

    /** The schedule is created. */
    record Create(Schedule schedule) implements Decision {}

    /** The existing schedule is replaced. */
    record Replace(Schedule schedule) implements Decision {}

    /**
     * The schedule belongs to this source, and is as declared already.
     *
     * @param id of the schedule
     */
    record Same(String id) implements Decision {}

    /**
     * The existing schedule stays as it is.
     *
     * @param why it differs from its declaration; null if this is intended
     */
    record Leave(@Nullable String why) implements Decision {}

    /** The schedule is deleted. */
    record Delete() implements Decision {}

    /** The source has no such schedule any more, and its record is deleted. */
    record Forget() implements Decision {}
}
