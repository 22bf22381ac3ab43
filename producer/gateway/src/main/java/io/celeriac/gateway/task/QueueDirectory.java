package io.celeriac.gateway.task;

import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaException;

/**
 * Which queues there are. The broker is asked when one is not known, so that a new queue is taken at once, while a
 * deleted one may be believed in until the next question.
 */
public final class QueueDirectory {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final Topics topics;
    private volatile SortedSet<String> queues = new TreeSet<>();

    QueueDirectory(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /**
     * @throws KafkaException when the broker had to be asked and does not answer within five seconds
     */
    boolean has(String queue) {
        if (!queues.contains(queue)) {
            queues = ask();
        }
        return queues.contains(queue);
    }

    /**
     * @param field named in the problem
     * @throws ProblemException when there is no such queue
     */
    public void require(String field, String queue) {
        if (!has(queue)) {
            throw ProblemException.invalid(
                    field, "must be a queue that exists, but there is no " + queue + ", only " + known());
        }
    }

    /** Those known at the last question, sorted. */
    SortedSet<String> known() {
        return queues;
    }

    private SortedSet<String> ask() {
        var millis = PATIENCE.toMillis();
        var names = new TreeSet<String>();
        for (var topic : answer(millis)) {
            if (topic.startsWith(topics.tasksPrefix())) {
                names.add(topic.substring(topics.tasksPrefix().length()));
            }
        }
        return names;
    }

    private Iterable<String> answer(long millis) {
        try {
            return admin.listTopics(new ListTopicsOptions().timeoutMs((int) millis))
                    .names()
                    .get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the queues are not known", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }
}
