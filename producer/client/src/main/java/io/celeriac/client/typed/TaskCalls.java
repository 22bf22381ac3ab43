package io.celeriac.client.typed;

import io.celeriac.client.TaskOptions;
import java.util.function.UnaryOperator;

/**
 * What an interface of tasks may extend to take options for a single call.
 *
 * @param <S> the interface itself
 */
public interface TaskCalls<S extends TaskCalls<S>> {

    /** The same tasks, sent with these options. They go before those of the annotation and the configuration. */
    S with(UnaryOperator<TaskOptions> options);
}
