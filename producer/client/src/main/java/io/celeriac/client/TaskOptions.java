package io.celeriac.client;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.Unique;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The options of a call, like those of Celery's {@code apply_async}. Immutable: each method answers changed options.
 *
 * <pre>{@code
 * tasks.send(SEND, new SendEmail("ada@example.org", "Hello"),
 *         o -> o.countdown(Duration.ofMinutes(5)).key("customer-7"));
 * }</pre>
 *
 * <p>What is not set is decided by the configuration, the annotation, the route of the task's name and the handler, in this order.
 */
public final class TaskOptions {

    /** No options. */
    public static final TaskOptions NONE = new TaskOptions();

    private @Nullable String queue;
    private @Nullable String id;
    private @Nullable String key;
    private @Nullable Unique unique;
    private @Nullable Integer priority;
    private @Nullable Duration countdown;
    private @Nullable Instant eta;
    private @Nullable Duration expiresIn;
    private @Nullable Instant expires;
    private @Nullable Integer maxAttempts;
    private @Nullable Backoff backoff;
    private @Nullable Duration timeLimit;
    private @Nullable Boolean trackStarted;
    private @Nullable Boolean ignoreResult;
    private @Nullable Delivery delivery;
    private Map<String, String> labels = Map.of();
    private Map<String, String> headers = Map.of();
    private List<Signature> onSuccess = List.of();
    private List<Signature> onFailure = List.of();

    private TaskOptions() {}

    private TaskOptions(TaskOptions from) {
        queue = from.queue;
        id = from.id;
        key = from.key;
        unique = from.unique;
        priority = from.priority;
        countdown = from.countdown;
        eta = from.eta;
        expiresIn = from.expiresIn;
        expires = from.expires;
        maxAttempts = from.maxAttempts;
        backoff = from.backoff;
        timeLimit = from.timeLimit;
        trackStarted = from.trackStarted;
        ignoreResult = from.ignoreResult;
        delivery = from.delivery;
        labels = from.labels;
        headers = from.headers;
        onSuccess = from.onSuccess;
        onFailure = from.onFailure;
    }

    private TaskOptions changed(Consumer<TaskOptions> change) {
        var copy = new TaskOptions(this);
        change.accept(copy);
        return copy;
    }

    /** The queue, in place of the route's. */
    public TaskOptions queue(String value) {
        TaskRules.queue(value);
        return changed(o -> o.queue = value);
    }

    /** The id, {@code [A-Za-z0-9_.:-]{1,64}}. Two tasks of one id run once, within the deduplication window of the queue. */
    public TaskOptions id(String value) {
        TaskRules.id("id", value);
        return changed(o -> o.id = value);
    }

    /** Tasks of the same key go to the same partition, and run in order if the queue is ordered by key. */
    public TaskOptions key(String value) {
        return changed(o -> o.key = value);
    }

    /** Only one task of the unique key waits or runs, or what else {@link Unique} says. The result names the task that won. */
    public TaskOptions unique(Unique value) {
        return changed(o -> o.unique = value);
    }

    /** Only one task of a unique key waits or runs; a later one is ignored. */
    public TaskOptions unique(String uniqueKey) {
        return unique(Unique.by(uniqueKey));
    }

    /** 0 to 9, where 9 goes first. */
    public TaskOptions priority(int value) {
        TaskRules.priority(value);
        return changed(o -> o.priority = value);
    }

    /** Does not start before this long from the call on; replaces {@link #eta}. */
    public TaskOptions countdown(Duration value) {
        return changed(o -> {
            o.countdown = value;
            o.eta = null;
        });
    }

    /** Does not start before; replaces {@link #countdown}. */
    public TaskOptions eta(Instant value) {
        return changed(o -> {
            o.eta = value;
            o.countdown = null;
        });
    }

    /** Does not start later than this long from the call on; replaces {@link #expires(Instant)}. */
    public TaskOptions expires(Duration value) {
        return changed(o -> {
            o.expiresIn = value;
            o.expires = null;
        });
    }

    /** Does not start after; replaces {@link #expires(Duration)}. */
    public TaskOptions expires(Instant value) {
        return changed(o -> {
            o.expires = value;
            o.expiresIn = null;
        });
    }

    /** Attempts in all, at least 1, in place of the handler's. */
    public TaskOptions maxAttempts(int value) {
        return changed(o -> o.maxAttempts = value);
    }

    /** Pauses between attempts, in place of the handler's. */
    public TaskOptions backoff(Backoff value) {
        return changed(o -> o.backoff = value);
    }

    /** An attempt longer than this is interrupted and fails, in place of the handler's limit. */
    public TaskOptions timeLimit(Duration value) {
        return changed(o -> o.timeLimit = value);
    }

    /** Whether STARTED is published too. */
    public TaskOptions trackStarted(boolean value) {
        return changed(o -> o.trackStarted = value);
    }

    /** Whether only a failure is published. A handle then has no result to get. */
    public TaskOptions ignoreResult(boolean value) {
        return changed(o -> o.ignoreResult = value);
    }

    /** Adds a label to search by: tenant, user and the like. */
    public TaskOptions label(String name, String value) {
        return changed(o -> o.labels = with(labels, name, value));
    }

    /** Adds a header to the record, UTF-8. Headers of the trace come by themselves. */
    public TaskOptions header(String name, String value) {
        return changed(o -> o.headers = with(headers, name, value));
    }

    /** Adds a task that is emitted when this one has succeeded. */
    public TaskOptions onSuccess(Signature step) {
        return changed(o -> o.onSuccess = with(onSuccess, step));
    }

    /** Adds a task that is emitted when the last attempt of this one has failed. */
    public TaskOptions onFailure(Signature step) {
        return changed(o -> o.onFailure = with(onFailure, step));
    }

    /** How the task reaches the broker. */
    public TaskOptions delivery(Delivery value) {
        return changed(o -> o.delivery = value);
    }

    /** Sends the task when the transaction of the calling thread has committed, see {@link Delivery#AFTER_COMMIT}. */
    public TaskOptions afterCommit() {
        return delivery(Delivery.AFTER_COMMIT);
    }

    /** Stores the task in the transaction of the calling thread, see {@link Delivery#OUTBOX}. */
    public TaskOptions outbox() {
        return delivery(Delivery.OUTBOX);
    }

    private static Map<String, String> with(Map<String, String> values, String name, String value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return Collections.unmodifiableMap(more);
    }

    private static List<Signature> with(List<Signature> steps, Signature step) {
        var more = new ArrayList<>(steps);
        more.add(step);
        return List.copyOf(more);
    }

    /** These options, and those of {@code base} where these say nothing. Labels, headers and steps are put together. */
    public TaskOptions over(TaskOptions base) {
        if (this == NONE) {
            return base;
        }
        if (base == NONE) {
            return this;
        }
        return changed(o -> {
            o.queue = first(base, b -> b.queue);
            o.id = first(base, b -> b.id);
            o.key = first(base, b -> b.key);
            o.unique = first(base, b -> b.unique);
            o.priority = first(base, b -> b.priority);
            if (countdown == null && eta == null) {
                o.countdown = base.countdown;
                o.eta = base.eta;
            }
            if (expiresIn == null && expires == null) {
                o.expiresIn = base.expiresIn;
                o.expires = base.expires;
            }
            o.maxAttempts = first(base, b -> b.maxAttempts);
            o.backoff = first(base, b -> b.backoff);
            o.timeLimit = first(base, b -> b.timeLimit);
            o.trackStarted = first(base, b -> b.trackStarted);
            o.ignoreResult = first(base, b -> b.ignoreResult);
            o.delivery = first(base, b -> b.delivery);
            o.labels = together(base.labels, labels);
            o.headers = together(base.headers, headers);
            o.onSuccess = together(base.onSuccess, onSuccess);
            o.onFailure = together(base.onFailure, onFailure);
        });
    }

    private <T> @Nullable T first(TaskOptions base, Function<TaskOptions, @Nullable T> field) {
        var own = field.apply(this);
        return own == null ? field.apply(base) : own;
    }

    private static Map<String, String> together(Map<String, String> base, Map<String, String> own) {
        var all = new LinkedHashMap<>(base);
        all.putAll(own);
        return Collections.unmodifiableMap(all);
    }

    private static List<Signature> together(List<Signature> base, List<Signature> own) {
        var all = new ArrayList<>(base);
        all.addAll(own);
        return List.copyOf(all);
    }

    /** The queue that these options name; null for none. */
    @Nullable
    String queue() {
        return queue;
    }

    Delivery delivery() {
        return delivery == null ? Delivery.DIRECT : delivery;
    }

    Map<String, String> headers() {
        return headers;
    }

    /**
     * The task with these options.
     *
     * @param now the time of the call, which countdown and expiry count from
     * @throws InvalidTaskException naming the option that breaks a rule
     */
    Task applyTo(Task task, Instant now) {
        if (this == NONE) {
            return task;
        }
        var builder = task.toBuilder();
        set(id, builder::id);
        set(key, builder::key);
        set(unique, builder::unique);
        set(priority, builder::priority);
        set(countdown == null ? eta : later("countdown", now, countdown), builder::eta);
        set(expiresIn == null ? expires : later("expires", now, expiresIn), builder::expires);
        set(maxAttempts, builder::maxAttempts);
        set(backoff, builder::backoff);
        set(timeLimit, builder::timeLimit);
        set(trackStarted, builder::trackStarted);
        set(ignoreResult, builder::ignoreResult);
        if (!labels.isEmpty()) {
            builder.labels(together(task.labels(), labels));
        }
        if (!onSuccess.isEmpty()) {
            builder.onSuccess(together(task.onSuccess(), onSuccess));
        }
        if (!onFailure.isEmpty()) {
            builder.onFailure(together(task.onFailure(), onFailure));
        }
        return builder.build();
    }

    private static <T> void set(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static Instant later(String field, Instant now, Duration delay) {
        if (delay.isNegative()) {
            throw new InvalidTaskException(field, "must not be negative, but is " + delay);
        }
        if (delay.compareTo(TaskRules.LONGEST) > 0) {
            throw new InvalidTaskException(field, "must not be longer than a hundred years");
        }
        return now.plus(delay).truncatedTo(ChronoUnit.MICROS);
    }
}
