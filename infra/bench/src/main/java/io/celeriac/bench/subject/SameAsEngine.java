package io.celeriac.bench.subject;

/** The client settings that the engine gives its clients, for those that it is compared with. */
final class SameAsEngine {

    static final int LINGER_MS = 0;
    static final int BATCH_SIZE = 65_536;
    static final int MAX_POLL_RECORDS = 1_000;
    static final int POLL_MS = 100;
    static final int COMMIT_INTERVAL_MS = 100;

    private SameAsEngine() {}
}
