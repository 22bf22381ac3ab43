package io.celeriac.test.sent;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Assertions about the tasks of one name. Each {@code with…}, {@code on…} and the like keeps the tasks that match, and fails if none
 * does. {@link #once} and {@link #times} count the tasks that have matched so far.
 */
public final class SentTaskAssert extends AbstractAssert<SentTaskAssert, List<SentTask>> {

    private final SentTasks all;
    private final String described;

    SentTaskAssert(SentTasks all, List<SentTask> matching, String described) {
        super(matching, SentTaskAssert.class);
        this.all = all;
        this.described = described;
    }

    /** Verifies that exactly one task matches so far. */
    public SentTaskAssert once() {
        return times(1);
    }

    /** Verifies how many tasks match so far. */
    public SentTaskAssert times(int times) {
        if (actual.size() != times) {
            throw failure(
                    "Expected %s to be sent %s, but it was sent %s: %s",
                    described, counted(times), counted(actual.size()), SentText.of(actual));
        }
        return this;
    }

    private static String counted(int times) {
        return times == 1 ? "once" : times + " times";
    }

    /** Keeps tasks with a named argument, compared as JSON. */
    public SentTaskAssert withArg(String name, @Nullable Object value) {
        var json = json(value);
        return keep(
                "with " + name + "=" + json,
                sent -> json.equals(wire(sent.task().kwargs().get(name))));
    }

    /**
     * Keeps tasks with a positional argument, compared as JSON.
     *
     * @param position from 0
     */
    public SentTaskAssert withArg(int position, @Nullable Object value) {
        var json = json(value);
        return keep(
                "with argument " + position + " being " + json,
                sent -> position < sent.task().args().size()
                        && json.equals(wire(sent.task().args().get(position))));
    }

    /** Keeps tasks with exactly these positional arguments and no named ones. */
    public SentTaskAssert withArgs(@Nullable Object... values) {
        var json = json(values);
        return keep(
                "with arguments " + json,
                sent -> json.equals(json(sent.task().args()))
                        && sent.task().kwargs().isEmpty());
    }

    /**
     * Keeps tasks with exactly these named arguments and no positional ones.
     *
     * @param arguments the record of a {@code TaskType}, or a map
     */
    public SentTaskAssert withArguments(Object arguments) {
        var json = json(arguments);
        return keep(
                "with arguments " + json,
                sent -> json.equals(json(sent.task().kwargs()))
                        && sent.task().args().isEmpty());
    }

    /** As the wire has it: a long of 2 and an int of 2 are the same number there. */
    private static JsonNode json(@Nullable Object value) {
        return TaskJson.MAPPER.readTree(TaskJson.MAPPER.writeValueAsBytes(value));
    }

    private static @Nullable JsonNode wire(@Nullable JsonNode value) {
        return value == null ? null : json(value);
    }

    /** Keeps tasks on a queue. */
    public SentTaskAssert onQueue(String queue) {
        return keep("on queue " + queue, sent -> sent.queue().equals(queue));
    }

    /** Keeps tasks that were not to start before this long after they were sent. */
    public SentTaskAssert afterCountdown(Duration countdown) {
        return keep(
                "after a countdown of " + countdown,
                sent -> micros(sent.at().plus(countdown)).equals(sent.task().eta()));
    }

    /** Keeps tasks that were not to start before a time. */
    public SentTaskAssert withEta(Instant eta) {
        return keep("with eta " + eta, sent -> micros(eta).equals(sent.task().eta()));
    }

    /** Keeps tasks that may start at once. */
    public SentTaskAssert withoutDelay() {
        return keep(
                "without delay",
                sent -> sent.task().eta() == null || !sent.task().eta().isAfter(sent.at()));
    }

    /** Keeps tasks that must not start later than this long after they were sent. */
    public SentTaskAssert expiringAfter(Duration expires) {
        return keep(
                "expiring after " + expires,
                sent -> micros(sent.at().plus(expires)).equals(sent.task().expires()));
    }

    private static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** Keeps tasks with a key. */
    public SentTaskAssert withKey(String key) {
        return keep("with key " + key, sent -> key.equals(sent.task().key()));
    }

    /** Keeps tasks of a priority, 0 to 9. */
    public SentTaskAssert withPriority(int priority) {
        return keep("with priority " + priority, sent -> sent.task().priorityOrDefault() == priority);
    }

    /** Keeps tasks with an id. */
    public SentTaskAssert withId(String id) {
        return keep("with id " + id, sent -> sent.id().equals(id));
    }

    /** Keeps tasks with a label. */
    public SentTaskAssert withLabel(String name, String value) {
        return keep(
                "with label " + name + "=" + value,
                sent -> value.equals(sent.task().labels().get(name)));
    }

    /** Keeps tasks whose record has a header. */
    public SentTaskAssert withHeader(String name, String value) {
        return keep(
                "with header " + name + "=" + value,
                sent -> value.equals(sent.headers().get(name)));
    }

    /** Keeps tasks that another task has emitted. */
    public SentTaskAssert emittedBy(String parentId) {
        return keep(
                "emitted by " + parentId, sent -> parentId.equals(sent.task().parentId()));
    }

    /**
     * Keeps tasks that match.
     *
     * @param description for the message, such as {@code "with a short subject"}
     */
    public SentTaskAssert matching(String description, Predicate<? super Task> predicate) {
        return keep(description, sent -> predicate.test(sent.task()));
    }

    /** Passes each task that matches so far to assertions of its own. */
    public SentTaskAssert eachSatisfies(Consumer<? super SentTask> assertions) {
        actual.forEach(assertions);
        return this;
    }

    private SentTaskAssert keep(String how, Predicate<SentTask> predicate) {
        var kept = actual.stream().filter(predicate).toList();
        if (kept.isEmpty()) {
            throw failure("Expected %s %s to be sent, but sent was: %s", described, how, SentText.of(all.all()));
        }
        var next = new SentTaskAssert(all, kept, described + " " + how);
        return info.hasDescription() ? next.as(info.description()) : next;
    }

    /** The only task that matches. */
    public SentTask single() {
        once();
        return actual.get(0);
    }
}
