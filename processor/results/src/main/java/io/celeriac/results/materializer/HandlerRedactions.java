package io.celeriac.results.materializer;

import io.celeriac.contract.redaction.Redaction;
import java.util.Optional;

/**
 * Tells which parts of a task are secret before the task runs. The program that has the handlers provides it as a bean. Safe for use by
 * several threads.
 */
@FunctionalInterface
public interface HandlerRedactions {

    /** Nothing is known. */
    HandlerRedactions NONE = task -> Optional.empty();

    /**
     * @param task the name of the tasks
     * @return empty when the handler is not known; then all arguments may be secret
     */
    Optional<Redaction> redaction(String task);
}
