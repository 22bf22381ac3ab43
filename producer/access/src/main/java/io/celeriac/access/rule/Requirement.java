package io.celeriac.access.rule;

import io.celeriac.web.caller.Authority;

/** What a caller needs for an endpoint. */
public sealed interface Requirement {

    /** Nothing: anybody may call it. */
    record Nothing() implements Requirement {}

    /** Credentials, of whatever authority. */
    record Credentials() implements Requirement {}

    /** A session: a person, and not a program. */
    record Session() implements Requirement {}

    /**
     * An authority; for the queue in the path, if there is one.
     *
     * @param everywhere true when it must not be narrowed to queues
     */
    record Needs(Authority authority, boolean everywhere) implements Requirement {}
}
