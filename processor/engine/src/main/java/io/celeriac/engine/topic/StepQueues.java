package io.celeriac.engine.topic;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.topic.TopicProperties;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that the queue of a next step, or of a task that a handler emits, has a topic. A record for a queue without a topic would block
 * its stream thread for a minute and then end it. A new topic for each mistyped name would keep tasks where nobody looks.
 *
 * <p>The broker is asked once a minute about a queue that exists, and once in five seconds about one that does not. Safe for use by
 * several threads.
 */
public final class StepQueues implements StepTopics, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StepQueues.class);
    private static final Duration KNOWN = Duration.ofMinutes(1);
    private static final Duration UNKNOWN = Duration.ofSeconds(5);
    private static final int MOST_ANSWERS = 1_000;
    private static final int MOST_NAMES = 20;

    /**
     * The broker's answer.
     *
     * @param until when the broker is asked again
     * @param absence why no task may go to the queue; null when tasks may, or it is not known
     * @param fault why it is not known; null when it is
     */
    private record Answer(
            Instant until,
            @Nullable String absence,
            @Nullable String fault) {

        boolean isPresent() {
            return absence == null && fault == null;
        }
    }

    private final TopicProperties topics;
    private final Supplier<Admin> admins;
    private final InstantSource clock;
    private final Set<String> own = new HashSet<>();
    private final boolean mayCreate;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private @Nullable Admin admin; // guarded by this

    /**
     * @param queues whose topics exist as long as this worker works
     * @param mayCreate whether a queue without a topic gets one; otherwise no task may go there
     * @param admins makes the admin client when it is first needed
     */
    public StepQueues(
            Collection<String> queues,
            boolean mayCreate,
            TopicProperties topics,
            Supplier<Admin> admins,
            InstantSource clock) {
        this.mayCreate = mayCreate;
        this.topics = topics;
        this.admins = admins;
        this.clock = clock;
        queues.forEach(queue -> own.add(topics.topics().tasks(queue)));
    }

    /**
     * @throws UnknownQueueException when the queue has no topic; the message names the queues that have one
     * @throws IllegalStateException when the broker does not answer, and has not said before that there is such a topic
     */
    @Override
    public void require(String topic) {
        if (own.contains(topic)) {
            return; // exists as long as this worker works
        }
        var answer = answers.get(topic);
        if (answer == null || !clock.instant().isBefore(answer.until)) {
            answer = ask(topic);
        }
        if (answer.absence != null) {
            throw new UnknownQueueException(answer.absence);
        }
        if (answer.fault != null) {
            throw new IllegalStateException(answer.fault);
        }
    }

    @Override
    public void forget() {
        answers.clear();
    }

    /** Asks one thread after the other: the second finds the answer of the first. */
    private synchronized Answer ask(String topic) {
        var before = answers.get(topic);
        if (before != null && clock.instant().isBefore(before.until)) {
            return before;
        }
        if (answers.size() >= MOST_ANSWERS) {
            answers.clear();
        }
        var answer = answered(topic, before);
        answers.put(topic, answer);
        return answer;
    }

    /** Keeps a known topic when the broker does not answer. The failure is remembered too; otherwise each attempt would wait for it. */
    private Answer answered(String topic, @Nullable Answer before) {
        try {
            return answered(topic);
        } catch (IllegalStateException | KafkaException e) {
            LOG.warn("Could not tell whether topic {} exists: {}", topic, e.getMessage());
            return before != null && before.isPresent()
                    ? present()
                    : new Answer(clock.instant().plus(UNKNOWN), null, String.valueOf(e.getMessage()));
        }
    }

    private Answer present() {
        return new Answer(clock.instant().plus(KNOWN), null, null);
    }

    private Answer answered(String topic) {
        if (admin == null) {
            admin = admins.get();
        }
        if (Changelog.partitions(admin, topic).isPresent()) {
            return present();
        }
        var queue = topic.substring(topics.topics().tasksPrefix().length());
        if (mayCreate) {
            topics.provisionQueue(admin, queue);
            return present();
        }
        var absence = "queue \"" + queue + "\" has no topic; the queues are " + names(admin)
                + ". Start a worker for it (celeriac.worker.queues), or let next steps create queues"
                + " (celeriac.worker.create-queues=true)";
        return new Answer(clock.instant().plus(UNKNOWN), absence, null);
    }

    private String names(Admin client) {
        var prefix = topics.topics().tasksPrefix();
        var names = Answers.of("the topics", client.listTopics().names()).stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .sorted()
                .toList();
        var some = names.stream().limit(MOST_NAMES).collect(joining(", "));
        return names.size() > MOST_NAMES ? some + " and " + (names.size() - MOST_NAMES) + " others" : some;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
