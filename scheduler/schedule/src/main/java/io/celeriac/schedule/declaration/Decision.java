package io.celeriac.schedule.declaration;

import io.celeriac.schedule.Schedule;
import org.jspecify.annotations.Nullable;

/** What is to be done about one schedule of a source. */
sealed interface Decision {

    /** Whether it changes a schedule that is there. */
    default boolean changesWhatIsThere() {
        return this instanceof Replace || this instanceof Delete;
    }

    /** There is none of its name, and there is to be one. */
    record Create(Schedule schedule) implements Decision {}

    /** The one that is there becomes this. */
    record Replace(Schedule schedule) implements Decision {}

    /**
     * It is this source's, and as declared already.
     *
     * @param id of the schedule
     */
    record Same(String id) implements Decision {}

    /**
     * It stays as it is.
     *
     * @param why it is not as declared; null when it was not meant to be
     */
    record Leave(@Nullable String why) implements Decision {}

    /** It goes. */
    record Delete() implements Decision {}

    /** There is nothing of this source any more. */
    record Forget() implements Decision {}
}
