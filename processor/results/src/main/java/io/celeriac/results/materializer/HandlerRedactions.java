package io.celeriac.results.materializer;

import io.celeriac.contract.redaction.Redaction;
import java.util.Optional;

/** What is secret of a task that nobody has run yet; a bean of the program that has the handlers. Safe for use by several threads. */
@FunctionalInterface
public interface HandlerRedactions {

    /** Nothing is known. */
    HandlerRedactions NONE = task -> Optional.empty();

    /**
     * @param task the name of the tasks
     * @return empty where that is not known, so that all of its arguments may be secret
     */
    Optional<Redaction> redaction(String task);
}
