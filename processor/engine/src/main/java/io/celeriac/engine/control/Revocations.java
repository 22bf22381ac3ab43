package io.celeriac.engine.control;

/** Knows which tasks were revoked. Safe for use by several threads. */
@FunctionalInterface
public interface Revocations {

    /** No revocations. */
    Revocations NONE = id -> false;

    /** Whether a task was revoked and must not run. */
    boolean contains(String id);
}
