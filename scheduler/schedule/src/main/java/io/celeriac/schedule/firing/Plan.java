package io.celeriac.schedule.firing;

import io.celeriac.contract.task.Task;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.history.FiringRepository.Line;
import io.celeriac.schedule.history.ScheduleFiring;
import java.util.Collection;
import java.util.List;

/**
 * What a scheduler is to send, and to write down once the broker has it.
 *
 * @param <P> the plan itself
 */
public interface Plan<P extends Plan<P>> {

    /** Whose firings they are, as it was claimed. */
    StoredSchedule schedule();

    /** What goes into the schedule's history: firings to emit, oldest first, and firings to skip. */
    List<ScheduleFiring> firings();

    /** The firings whose tasks are to be sent, oldest first. */
    List<ScheduleFiring> toSend();

    /** Ids of tasks to be revoked, and terminated where they run, before anything is sent. */
    List<String> toRevoke();

    /** The task of a firing. */
    Task task(ScheduleFiring firing);

    /** The same plan, with a firing skipped that can never be emitted. */
    P skipping(ScheduleFiring firing, String reason);

    /** What goes into the history of the schedules of these plans. */
    static List<Line> lines(Collection<? extends Plan<?>> plans) {
        return plans.stream()
                .flatMap(plan -> plan.firings().stream()
                        .map(firing -> new Line(plan.schedule().id(), firing)))
                .toList();
    }
}
