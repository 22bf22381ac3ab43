package io.celeriac.engine.handler;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.TaskContext;
import java.util.Collection;

/** A task has no handler, and has waited for one in vain. */
public final class UnknownTaskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private UnknownTaskException(String message) {
        super(message);
    }

    /**
     * A handler that fails with the names of the known tasks.
     *
     * @param task the name without a handler
     */
    public static Handler handler(String task, Collection<String> known) {
        return Handler.of(task, new Missing(known));
    }

    /** Whether a handler was made by {@link #handler}. */
    public static boolean isThrownBy(Handler handler) {
        return handler.call() instanceof Missing;
    }

    private record Missing(Collection<String> known) implements Handler.Call {

        @Override
        public Object run(Task task, TaskContext context) {
            throw new UnknownTaskException(
                    "no handler for \"" + task.task() + "\"; this worker knows " + String.join(", ", known));
        }
    }
}
