package io.celeriac.engine.handler;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.TaskContext;
import java.util.Collection;

/** No handler has the name of a task, and none has come in the time that the task was kept. */
public final class UnknownTaskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private UnknownTaskException(String message) {
        super(message);
    }

    /**
     * A handler that fails with the names there are.
     *
     * @param task the name there is none for
     */
    public static Handler handler(String task, Collection<String> known) {
        return Handler.of(task, new Missing(known));
    }

    /** Whether it is a {@link #handler}. */
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
