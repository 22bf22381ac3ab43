package io.celeriac.contract.control;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A setting that people change while the workers run: the value of a record on the settings topic. It is in force on every worker, also
 * after restarts, until another record of the same key takes its place. A record without any value takes the setting back.
 *
 * @param kind what it is about
 * @param target the name of the queue or of the handler's task, or the id of the worker; {@link #ALL} for all workers
 * @param id of the change, 1 to 64 characters
 * @param by who made the change
 * @param at when it was made
 * @param paused of a queue: nothing of it begins
 * @param note why, 1 to 1,000 characters; null for none
 * @param concurrency of a worker or a handler: the most attempts at once on each worker; null for the configured number
 * @param rateLimit of a handler: how often an attempt may begin on each worker, as in {@link RateLimit}; null for the configured one
 */
public record LiveSetting(
        Kind kind,
        String target,
        String id,
        String by,
        Instant at,
        @JsonInclude(Include.NON_DEFAULT) boolean paused,
        @Nullable String note,
        @Nullable Integer concurrency,
        @Nullable String rateLimit) {

    /** The target of a setting of all workers; no worker has this id. */
    public static final String ALL = "*";

    /** What a setting can be about. */
    public enum Kind {
        /** A queue: whether it is paused. */
        @JsonProperty("queue")
        QUEUE,
        /** A worker: its concurrency. */
        @JsonProperty("worker")
        WORKER,
        /** A handler: its concurrency and rate limit on each worker. */
        @JsonProperty("handler")
        HANDLER;

        /** The word for it in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public LiveSetting {
        Objects.requireNonNull(kind, "kind");
        requireTarget(kind, Objects.requireNonNull(target, "target"));
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        TaskRules.text("by", Objects.requireNonNull(by, "by"), Limits.AUTHOR);
        TaskRules.instant("at", Objects.requireNonNull(at, "at"));
        if (note != null) {
            TaskRules.text("note", note, Limits.NOTE);
        }
        if (paused && kind != Kind.QUEUE) {
            throw new InvalidTaskException("paused", "is for queues only");
        }
        if (concurrency != null) {
            if (kind == Kind.QUEUE) {
                throw new InvalidTaskException("concurrency", "is for workers and handlers only");
            }
            TaskRules.range("concurrency", concurrency, 1, Limits.CONCURRENCY);
        }
        if (rateLimit != null) {
            if (kind != Kind.HANDLER) {
                throw new InvalidTaskException("rateLimit", "is for handlers only");
            }
            requireRate(rateLimit);
        }
    }

    private static void requireTarget(Kind kind, String target) {
        switch (kind) {
            case QUEUE -> TaskRules.queue(target);
            case HANDLER -> TaskRules.name(target);
            case WORKER -> TaskRules.text("target", target, Limits.WORKER);
        }
    }

    private static void requireRate(String rateLimit) {
        try {
            RateLimit.parse(rateLimit);
        } catch (IllegalArgumentException e) {
            throw new InvalidTaskException("rateLimit", RateLimit.RULE + ", but is " + TaskRules.shown(rateLimit));
        }
    }

    /** A change of a queue's pause. */
    public static LiveSetting ofQueue(
            String queue, String id, String by, Instant at, boolean paused, @Nullable String note) {
        return new LiveSetting(Kind.QUEUE, queue, id, by, at, paused, note, null, null);
    }

    /** A change of limits. */
    public static LiveSetting ofLimits(
            Kind kind,
            String target,
            String id,
            String by,
            Instant at,
            @Nullable Integer concurrency,
            @Nullable String rateLimit,
            @Nullable String note) {
        return new LiveSetting(kind, target, id, by, at, false, note, concurrency, rateLimit);
    }

    /** Whether it changes anything; otherwise it takes an earlier setting back. */
    @JsonIgnore
    public boolean isSet() {
        return paused || concurrency != null || rateLimit != null;
    }

    /** The rate limit; null for the configured one. */
    public @Nullable RateLimit rate() {
        return rateLimit == null ? null : RateLimit.parse(rateLimit);
    }

    /** The record's key. */
    public String key() {
        return key(kind, target);
    }

    /** The key of the settings of a target. */
    public static String key(Kind kind, String target) {
        return kind.word() + "/" + target;
    }
}
