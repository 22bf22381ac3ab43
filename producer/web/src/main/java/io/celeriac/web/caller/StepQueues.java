package io.celeriac.web.caller;

import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import java.util.List;

/** The queues that a task's next steps name. A caller that is narrowed to queues reaches no other queue by a step. */
public final class StepQueues {

    private StepQueues() {}

    /**
     * Refuses a caller that may not do so for the queue of each step, at any depth. A step without a queue stays on its parent's.
     *
     * @param prefix of the fields, such as {@code value.}; empty for none
     * @throws io.celeriac.web.problem.ProblemException 403, naming the field of the step
     */
    public static void require(Caller caller, Authority authority, String prefix, Task task) {
        require(caller, authority, prefix + "onSuccess", task.onSuccess());
        require(caller, authority, prefix + "onFailure", task.onFailure());
    }

    private static void require(Caller caller, Authority authority, String field, List<Signature> steps) {
        for (var index = 0; index < steps.size(); index++) {
            var step = steps.get(index);
            var name = field + "[" + index + "].";
            var queue = step.queue();
            if (queue != null) {
                caller.require(authority, name + "queue", queue);
            }
            require(caller, authority, name, step.task());
        }
    }
}
