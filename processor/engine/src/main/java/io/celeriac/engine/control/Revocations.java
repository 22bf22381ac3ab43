package io.celeriac.engine.control;

/** Which tasks somebody has revoked. Safe for use by several threads. */
@FunctionalInterface
public interface Revocations {

    /** None at all. */
    Revocations NONE = id -> false;

    /** Whether the task is not to run. */
    boolean contains(String id);
}
