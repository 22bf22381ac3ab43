package io.celeriac.schedule.firing;

import io.celeriac.contract.task.Task;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.history.FiringRepository.Line;
import io.celeriac.schedule.history.ScheduleFiring;
import java.util.Collection;
import java.util.List;

/**
 * What a scheduler sends, and stores when the broker has it.
 *
 * @param <P> the plan itself
 */
public interface Plan<P extends Plan<P>> {

    /** The schedule that fires, as it was claimed. */
    StoredSchedule schedule();

    /** The lines for the schedule's history: firings to emit, oldest first, and firings to skip. */
    List<ScheduleFiring> firings();

    /** The firings whose tasks must be sent, oldest first. */
    List<ScheduleFiring> toSend();

    /** Ids of tasks to revoke, and to terminate if they run, before anything is sent. */
    List<String> toRevoke();

    /** The task of a firing. */
    Task task(ScheduleFiring firing);

    /** The same plan, with a firing skipped because its task can never be sent. */
    P skipping(ScheduleFiring firing, String reason);

    /** The lines of several plans for the history. */
    static List<Line> lines(Collection<? extends Plan<?>> plans) {
        return plans.stream()
                .flatMap(plan -> plan.firings().stream()
                        .map(firing -> new Line(plan.schedule().id(), firing)))
                .toList();
    }
}
