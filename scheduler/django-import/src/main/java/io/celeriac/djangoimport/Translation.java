package io.celeriac.djangoimport;

import io.celeriac.schedule.Schedule;
import java.util.List;

/** What a task of the source is here. */
sealed interface Translation {

    /**
     * A schedule.
     *
     * @param startsFromLastRun its start only keeps an interval's rhythm: where the schedule is there already, its own does too
     * @param remarks differences from the source, each a sentence without a full stop
     */
    record Translated(Schedule schedule, boolean startsFromLastRun, List<String> remarks) implements Translation {
        public Translated {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Nothing, and nothing is missing.
     *
     * @param reason a sentence without its full stop
     */
    record Needless(String reason) implements Translation {}

    /**
     * Nothing, although something ought to be.
     *
     * @param reason a sentence without its full stop
     */
    record Untranslatable(String reason) implements Translation {}
}
