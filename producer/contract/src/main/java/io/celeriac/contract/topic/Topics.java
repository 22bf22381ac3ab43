package io.celeriac.contract.topic;

import io.celeriac.contract.rule.TaskRules;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The names and configurations of the topics of one namespace. Several installations can share a Kafka cluster if each has its
 * own namespace.
 *
 * @param namespace prefix of all names, {@code [a-zA-Z0-9._-]{1,100}}
 */
public record Topics(String namespace) {

    /** The default namespace. */
    public static final String DEFAULT_NAMESPACE = "celeriac";

    /** The default number of partitions of the tasks' and results' topics. */
    public static final int DEFAULT_PARTITIONS = 8;

    private static final Pattern NAMESPACE = Pattern.compile("[a-zA-Z0-9._-]{1,100}");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    public Topics {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("namespace must match " + NAMESPACE + ", but is \"" + namespace + '"');
        }
    }

    /** Name of a queue's topic. The key is the task's key or id, the value a {@link io.celeriac.contract.task.Task}. */
    public String tasks(String queue) {
        return namespace + ".tasks." + TaskRules.queue(queue);
    }

    /** Prefix of the groups and transactional ids of outboxes. */
    public String outboxPrefix() {
        return namespace + ".outbox.";
    }

    /** Prefix of the names of all queues' topics. */
    public String tasksPrefix() {
        return namespace + ".tasks.";
    }

    /** Name of the results topic. The key is the task's id, the value a {@link io.celeriac.contract.result.TaskResult}. */
    public String results() {
        return namespace + ".results";
    }

    /** Name of the control topic: commands by the id of their task, worker or queue, declarations of schedules by their source. */
    public String control() {
        return namespace + ".control";
    }

    /** Name of the settings topic. The value is a {@link io.celeriac.contract.control.LiveSetting}, the key says of what. */
    public String settings() {
        return namespace + ".settings";
    }

    /** Name of the topic of the workers' heartbeats. The key is the worker's id, the value a {@link io.celeriac.contract.control.Heartbeat}. */
    public String workers() {
        return namespace + ".workers";
    }

    /** Name of the consumer group in which the workers of a queue share its partitions. */
    public String workerGroup(String queue) {
        return namespace + ".worker." + TaskRules.queue(queue);
    }

    /** Name of the topic in which the workers of a queue log its unfinished tasks. Kafka Streams names and creates it. */
    public String unfinishedTasks(String queue) {
        return workerGroup(queue) + "-unfinished-tasks-changelog";
    }

    /** Name of the dead-letter topic: unreadable and failed records, with {@link io.celeriac.contract.result.DeadLetter} headers. */
    public String deadLetters() {
        return namespace + ".dead-letters";
    }

    /** Name of the workflows' topic. The key is the workflow's id, the value a {@link io.celeriac.contract.workflow.WorkflowRecord}. */
    public String workflows() {
        return namespace + ".workflows";
    }

    /** Name of the topic of the ends of workflows' tasks: the value is a {@link io.celeriac.contract.workflow.MemberEnded}. */
    public String workflowEvents() {
        return namespace + ".workflow-events";
    }

    /** Name of the topic of the states of workflows and of their inner nodes. */
    public String workflowStates() {
        return namespace + ".workflow-states";
    }

    /**
     * Name of the topic of lists of results that are too large for the record of a task. The key is the workflow's id, the value a {@link
     * io.celeriac.contract.workflow.GroupPart}.
     */
    public String groupResults() {
        return namespace + ".group-results";
    }

    /** Name of the consumer group of the coordinators of workflows; their topics and transactional ids begin with it. */
    public String coordinatorGroup() {
        return namespace + ".coordinator";
    }

    /**
     * A queue's topic, for its creation. It keeps a task until a worker has taken it, however long that is; the workers delete the
     * tasks that they have taken.
     */
    public Topic tasksTopic(String queue, int partitions) {
        return new Topic(tasks(queue), partitions, "delete", Topic.UNTIL_DELETED);
    }

    /** The results' topic, for its creation. */
    public Topic resultsTopic(int partitions) {
        return new Topic(results(), partitions, "compact,delete", WEEK);
    }

    /**
     * The control topic, for its creation. It has to keep the revocation of a task for as long as the task may wait unread by
     * any worker. You can set another {@code retention.ms} on the topic itself.
     */
    public Topic controlTopic() {
        return new Topic(control(), 1, "compact,delete", MONTH);
    }

    /**
     * The settings topic, for its creation. It keeps the last record of each key for ever: a queue stays paused, and a limit stays as it
     * was set, until somebody takes it back.
     */
    public Topic settingsTopic() {
        return new Topic(settings(), 1, "compact", Topic.UNTIL_DELETED);
    }

    /**
     * The workers' topic, for its creation. Its segments are small, because Kafka compacts only those that are full, and each worker
     * adds some kilobytes every five seconds.
     */
    public Topic workersTopic() {
        return new Topic(
                workers(),
                1,
                "compact,delete",
                Duration.ofDays(1),
                Map.of(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(16 << 20)));
    }

    /** The workflows' topic, for its creation. A coordinator must not be away for longer than a month. */
    public Topic workflowsTopic(int partitions) {
        return new Topic(workflows(), partitions, "delete", MONTH);
    }

    /** The topic of workflow events, for its creation. It needs as many partitions as the workflows' topic. */
    public Topic workflowEventsTopic(int partitions) {
        return new Topic(workflowEvents(), partitions, "delete", MONTH);
    }

    /** The topic of the states of workflows, for its creation. */
    public Topic workflowStatesTopic(int partitions) {
        return new Topic(workflowStates(), partitions, "compact,delete", WEEK);
    }

    /** The topic of large lists of results, for its creation. A task may wait for a month until it reads its list. */
    public Topic groupResultsTopic(int partitions) {
        return new Topic(groupResults(), partitions, "delete", MONTH);
    }

    /** The dead letters' topic, for its creation. */
    public Topic deadLettersTopic() {
        return new Topic(deadLetters(), 1, "delete", MONTH);
    }
}
