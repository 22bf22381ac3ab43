package io.celeriac.contract.acl;

/** The programs that have a Kafka user of their own. */
public enum KafkaProgram {
    /** A service that sends tasks with {@code celeriac-client}. */
    CLIENT,
    /** The gateway. */
    GATEWAY,
    /** A worker: {@code celeriac-worker}, or a service with {@code celeriac-engine}. */
    WORKER,
    /** The scheduler. */
    SCHEDULER
}
