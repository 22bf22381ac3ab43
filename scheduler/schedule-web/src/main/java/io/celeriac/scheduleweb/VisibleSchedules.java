package io.celeriac.scheduleweb;

import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.UnreadableSchedule;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** Keeps the schedules of other queues from a caller that is narrowed to some. */
final class VisibleSchedules {

    private final Schedules schedules;

    VisibleSchedules(Schedules schedules) {
        this.schedules = schedules;
    }

    static boolean sees(Caller caller, ScheduleRow row) {
        return caller.sees(
                row instanceof StoredSchedule stored
                        ? stored.schedule().template().queue()
                        : ((UnreadableSchedule) row).queue());
    }

    /**
     * Refuses a caller who does not see the schedule.
     *
     * @throws ProblemException 404 when there is one, and it is of another queue
     */
    void requireIfThere(String name, Caller caller) {
        if (caller.queues() != null
                && schedules.look(name).filter(row -> !sees(caller, row)).isPresent()) {
            throw new ProblemException(HttpStatus.NOT_FOUND, "there is no schedule " + name);
        }
    }
}
