package io.celeriac.schedule;

import io.celeriac.contract.task.Task;
import java.util.List;

/**
 * What a scheduler is to send, and to write down once the broker has it.
 *
 * @param <P> the plan itself
 */
public interface Plan<P extends Plan<P>> {

    /** Whose runs they are, as it was claimed. */
    StoredSchedule schedule();

    /** What goes into the schedule's history: runs to emit, oldest first, and runs to skip. */
    List<ScheduleFiring> firings();

    /** The runs whose tasks are to be sent, oldest first. */
    List<ScheduleFiring> toSend();

    /** Ids of tasks to be revoked, and terminated where they run, before anything is sent. */
    List<String> toRevoke();

    /** The task of a run. */
    Task task(ScheduleFiring firing);

    /** The same plan, with a run skipped that can never be emitted. */
    P skipping(ScheduleFiring firing, String reason);
}
