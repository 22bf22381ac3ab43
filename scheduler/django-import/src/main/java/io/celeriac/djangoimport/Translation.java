package io.celeriac.djangoimport;

import io.celeriac.schedule.Schedule;
import java.util.List;

/** The translation of a task of the source. */
sealed interface Translation {

    /**
     * A schedule.
     *
     * @param startsFromLastRun whether its start only keeps the grid of an interval, for which the start of an existing schedule serves
     *     as well
     * @param remarks differences from the source, each a sentence without a full stop
     */
    record Translated(Schedule schedule, boolean startsFromLastRun, List<String> remarks) implements Translation {
        public Translated {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * No schedule, because none is needed.
     *
     * @param reason a sentence without its full stop
     */
    record Needless(String reason) implements Translation {}

    /**
     * No schedule, although one is needed.
     *
     * @param reason a sentence without its full stop
     */
    record Untranslatable(String reason) implements Translation {}
}
