package io.celeriac.contract.acl;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.celeriac.contract.topic.Topics;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** The table of the least rights that each program needs at the Kafka cluster. The guide of securing is made from it. */
public final class KafkaRights {

    private final Topics topics;

    /**
     * @param topics of the installation
     */
    public KafkaRights(Topics topics) {
        this.topics = topics;
    }

    /** What a program needs. */
    public List<KafkaRight> of(KafkaProgram program) {
        return switch (program) {
            case CLIENT -> client();
            case GATEWAY -> gateway();
            case WORKER -> worker();
            case SCHEDULER -> scheduler();
        };
    }

    private List<KafkaRight> client() {
        return List.of(
                below(topics.tasksPrefix(), "sends tasks", WRITE),
                topic(topics.control(), "revokes tasks; the outbox notes its place", READ, WRITE),
                topic(topics.workflows(), "sends workflows and commands to them", WRITE),
                topic(topics.results(), "waits for results", READ),
                new KafkaRight(
                        ResourceType.GROUP,
                        topics.outboxPrefix(),
                        true,
                        List.of(READ),
                        "how far the outbox has been sent"),
                new KafkaRight(
                        ResourceType.TRANSACTIONAL_ID,
                        topics.outboxPrefix(),
                        true,
                        List.of(WRITE),
                        "sends from the outbox"));
    }

    private List<KafkaRight> gateway() {
        return List.of(
                below(
                        topics.namespace() + ".",
                        "creates missing topics, and checks those that are there",
                        CREATE,
                        DESCRIBE_CONFIGS),
                below(topics.tasksPrefix(), "sends tasks; reads how old the oldest is", READ, WRITE),
                topic(topics.results(), "event streams and waiting for results", READ),
                topic(topics.control(), "revocations, purges and commands to workers", WRITE),
                topic(topics.workflows(), "sends workflows and commands to them", WRITE),
                topic(topics.workflowEvents(), "checks that it is there", DESCRIBE),
                topic(topics.workflowStates(), "checks that it is there", DESCRIBE),
                topic(topics.groupResults(), "checks that it is there", DESCRIBE),
                topic(topics.settings(), "pauses and limits", READ, WRITE),
                topic(topics.workers(), "heartbeats of workers", READ),
                topic(topics.deadLetters(), "shows and replays dead letters", READ),
                new KafkaRight(
                        ResourceType.GROUP,
                        workerGroups(),
                        true,
                        List.of(DESCRIBE),
                        "how far the workers of a queue are"),
                new KafkaRight(
                        ResourceType.TRANSACTIONAL_ID,
                        topics.namespace() + ".gateway.",
                        true,
                        List.of(WRITE),
                        "batches, of which all or none is accepted"));
    }

    private List<KafkaRight> worker() {
        return List.of(
                below(
                        topics.namespace() + ".",
                        "creates missing topics, and checks those that are there",
                        CREATE,
                        DESCRIBE_CONFIGS),
                below(
                        topics.tasksPrefix(),
                        "takes tasks, deletes those that are taken, sends next steps",
                        READ,
                        WRITE,
                        DELETE),
                topic(
                        topics.results(),
                        "publishes results, brings them into the database, keeps the topic's retention",
                        READ,
                        WRITE,
                        ALTER_CONFIGS),
                topic(topics.control(), "revocations and commands; declares the schedules in its code", READ, WRITE),
                topic(topics.settings(), "pauses and limits", READ),
                topic(topics.workers(), "its heartbeats", WRITE),
                topic(topics.deadLetters(), "dead letters", WRITE),
                topic(
                        topics.workflows(),
                        "coordinates workflows; sends records on to the right partition",
                        READ,
                        WRITE),
                topic(topics.workflowEvents(), "how tasks of workflows end", READ, WRITE),
                topic(
                        topics.workflowStates(),
                        "publishes states of workflows, brings them into the database, keeps the topic's retention",
                        READ,
                        WRITE,
                        ALTER_CONFIGS),
                topic(topics.groupResults(), "large lists of results that tasks get", READ, WRITE),
                below(
                        topics.coordinatorGroup(),
                        "the log of the workflows that run",
                        READ,
                        WRITE,
                        ALTER,
                        ALTER_CONFIGS),
                new KafkaRight(
                        ResourceType.GROUP,
                        topics.coordinatorGroup(),
                        true,
                        List.of(READ, DESCRIBE_CONFIGS),
                        "shares the workflows by partitions"),
                new KafkaRight(
                        ResourceType.TRANSACTIONAL_ID,
                        topics.coordinatorGroup(),
                        true,
                        List.of(WRITE),
                        "coordinates workflows exactly once"),
                below(workerGroups(), "the logs of unfinished tasks", READ, WRITE, ALTER, ALTER_CONFIGS),
                new KafkaRight(
                        ResourceType.GROUP,
                        workerGroups(),
                        true,
                        List.of(READ, DESCRIBE_CONFIGS),
                        "shares the partitions of a queue"),
                new KafkaRight(
                        ResourceType.GROUP,
                        topics.namespace() + ".materializer",
                        true,
                        List.of(READ),
                        "brings results into the database"),
                new KafkaRight(
                        ResourceType.TRANSACTIONAL_ID,
                        workerGroups(),
                        true,
                        List.of(WRITE),
                        "queues with the guarantee exactly_once"));
    }

    private List<KafkaRight> scheduler() {
        return List.of(
                below(
                        topics.tasksPrefix(),
                        "sends tasks, and creates the topics of their queues",
                        WRITE,
                        CREATE,
                        DESCRIBE_CONFIGS),
                topic(topics.control(), "schedules that applications declare; revokes earlier firings", READ, WRITE),
                topic(topics.results(), "how far the results in the database are", DESCRIBE));
    }

    private String workerGroups() {
        return topics.namespace() + ".worker.";
    }

    private static KafkaRight topic(String name, String purpose, AclOperation... operations) {
        return new KafkaRight(ResourceType.TOPIC, name, false, List.of(operations), purpose);
    }

    private static KafkaRight below(String prefix, String purpose, AclOperation... operations) {
        return new KafkaRight(ResourceType.TOPIC, prefix, true, List.of(operations), purpose);
    }
}
