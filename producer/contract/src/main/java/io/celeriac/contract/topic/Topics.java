package io.celeriac.contract.topic;

import io.celeriac.contract.rule.TaskRules;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The names of the topics within one namespace, and what each is like. Several installations share a Kafka cluster by
 * having a namespace each.
 *
 * @param namespace what all names begin with, {@code [a-zA-Z0-9._-]{1,100}}
 */
public record Topics(String namespace) {

    /** Namespace where none is set. */
    public static final String DEFAULT_NAMESPACE = "celeriac";

    /** Partitions of the tasks' and results' topics where nothing else is set. */
    public static final int DEFAULT_PARTITIONS = 8;

    private static final Pattern NAMESPACE = Pattern.compile("[a-zA-Z0-9._-]{1,100}");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    public Topics {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("namespace must match " + NAMESPACE + ", but is \"" + namespace + '"');
        }
    }

    /** Name of a queue's topic: key is the task's key or id, value a {@link io.celeriac.contract.task.Task}. */
    public String tasks(String queue) {
        return namespace + ".tasks." + TaskRules.queue(queue);
    }

    /** What the names of all queues' topics begin with. */
    public String tasksPrefix() {
        return namespace + ".tasks.";
    }

    /** Key is the task's id, value a {@link io.celeriac.contract.result.TaskResult}, the latest state. */
    public String results() {
        return namespace + ".results";
    }

    /** Commands to the workers: key is the command's id or target. */
    public String control() {
        return namespace + ".control";
    }

    /** Heartbeats of the workers: key is the worker's id. */
    public String workers() {
        return namespace + ".workers";
    }

    /** Name of the consumer group in which the workers of a queue share its partitions. */
    public String workerGroup(String queue) {
        return namespace + ".worker." + TaskRules.queue(queue);
    }

    /** Records nobody could read or finish, unchanged, with {@link io.celeriac.contract.result.DeadLetter} headers. */
    public String deadLetters() {
        return namespace + ".dead-letters";
    }

    /**
     * A queue's topic as it is created where it is missing. It keeps a task until a worker has taken it, however long that is; the
     * workers delete what they have taken.
     */
    public Topic tasksTopic(String queue, int partitions) {
        return new Topic(tasks(queue), partitions, "delete", Topic.UNTIL_DELETED);
    }

    /** The results' topic as it is created where it is missing. */
    public Topic resultsTopic(int partitions) {
        return new Topic(results(), partitions, "compact,delete", WEEK);
    }

    /**
     * The control topic as it is created where it is missing. It has to remember the revocation of a task for as long as the
     * task may lie where no worker knows of it. Another {@code retention.ms} may be set on the topic itself.
     */
    public Topic controlTopic() {
        return new Topic(control(), 1, "compact,delete", MONTH);
    }

    /** The workers' topic as it is created where it is missing. */
    public Topic workersTopic() {
        return new Topic(workers(), 1, "compact,delete", Duration.ofDays(1));
    }

    /** The dead letters' topic as it is created where it is missing. */
    public Topic deadLettersTopic() {
        return new Topic(deadLetters(), 1, "delete", MONTH);
    }
}
