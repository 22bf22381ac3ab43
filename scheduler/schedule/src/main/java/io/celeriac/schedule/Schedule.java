package io.celeriac.schedule;

import io.celeriac.contract.schedule.Overlap;
import io.celeriac.schedule.rule.Interval;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.PlainText;
import io.celeriac.schedule.rule.ScheduleRule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as a person defines it.
 *
 * @param name unique, {@code [A-Za-z0-9_.:-]{1,200}}
 * @param template what each firing emits
 * @param timing when it fires
 * @param catchUp what happens to missed firings
 * @param enabled false while it is paused: firings that are due meanwhile are missed
 * @param oneOff whether it fires once only
 * @param remaining how many firings are left, ≥ 0, counted down by the schedulers; null for no limit
 * @param expiresAfter how long after its fire time a task may still start; null for no limit
 * @param jitter how much later than its fire time a firing may be emitted, at most a day; zero for none. All schedulers compute the
 *     same delay for a firing
 * @param overlap what happens to a firing while an earlier one has not ended
 * @param description for people; null for none
 * @param note a remark, such as the reason for a pause; null for none
 */
public record Schedule(
        String name,
        TaskTemplate template,
        Timing timing,
        CatchUp catchUp,
        boolean enabled,
        boolean oneOff,
        @Nullable Long remaining,
        @Nullable Duration expiresAfter,
        Duration jitter,
        Overlap overlap,
        @Nullable String description,
        @Nullable String note) {

    /** The default time zone. */
    static final ZoneId UTC = ZoneId.of("UTC");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,200}");
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(36_500);
    private static final Duration LONGEST_JITTER = Duration.ofDays(1);
    private static final int LONGEST_TEXT = 1_000;

    public Schedule {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidScheduleException("name", "must match " + NAME + ", but is \"" + name + '"');
        }
        if (remaining != null && remaining < 0) {
            throw new InvalidScheduleException("remaining", "must not be negative, but is " + remaining);
        }
        if (expiresAfter != null
                && (expiresAfter.isNegative() || expiresAfter.isZero() || expiresAfter.compareTo(LONGEST_EXPIRY) > 0)) {
            throw new InvalidScheduleException(
                    "expiresAfter",
                    "must be longer than zero and at most " + LONGEST_EXPIRY + ", but is " + expiresAfter);
        }
        if (jitter.isNegative() || jitter.compareTo(LONGEST_JITTER) > 0) {
            throw new InvalidScheduleException(
                    "jitter", "must be from PT0S to " + LONGEST_JITTER + ", but is " + jitter);
        }
        checkLength("description", description);
        checkLength("note", note);
    }

    private static void checkLength(String field, @Nullable String text) {
        if (text != null && text.length() > LONGEST_TEXT) {
            throw new InvalidScheduleException(
                    field, "must have at most " + LONGEST_TEXT + " characters, but has " + text.length());
        }
        if (text != null && !PlainText.isWellFormed(text)) {
            throw new InvalidScheduleException(field, "must not have half of a character that takes two");
        }
    }

    /** Begins a schedule. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Begins a changed copy. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a schedule; {@link #build()} checks it as a whole. Not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private @Nullable TaskTemplate template;
        private @Nullable ScheduleRule rule;
        private ZoneId timezone = UTC;
        private @Nullable Instant startAt;
        private @Nullable Instant endAt;
        private CatchUp catchUp = CatchUp.DEFAULT;
        private boolean enabled = true;
        private boolean oneOff;
        private @Nullable Long remaining;
        private @Nullable Duration expiresAfter;
        private Duration jitter = Duration.ZERO;
        private Overlap overlap = Overlap.ALLOW;
        private @Nullable String description;
        private @Nullable String note;

        private Builder(String name) {
            this.name = name;
        }

        private Builder(Schedule from) {
            name = from.name;
            template = from.template;
            rule = from.timing.rule();
            timezone = from.timing.timezone();
            startAt = from.timing.startAt();
            endAt = from.timing.endAt();
            catchUp = from.catchUp;
            enabled = from.enabled;
            oneOff = from.oneOff;
            remaining = from.remaining;
            expiresAfter = from.expiresAfter;
            jitter = from.jitter;
            overlap = from.overlap;
            description = from.description;
            note = from.note;
        }

        public Builder task(TaskTemplate value) {
            template = value;
            return this;
        }

        /** A task with positional arguments for the default queue. */
        public Builder task(String task, @Nullable Object... args) {
            return task(TaskTemplate.of(task, args));
        }

        public Builder rule(ScheduleRule value) {
            rule = value;
            return this;
        }

        public Builder every(Duration value) {
            return rule(new Interval(value));
        }

        public Builder timezone(ZoneId value) {
            timezone = value;
            return this;
        }

        public Builder startAt(@Nullable Instant value) {
            startAt = value;
            return this;
        }

        public Builder endAt(@Nullable Instant value) {
            endAt = value;
            return this;
        }

        public Builder catchUp(CatchUp value) {
            catchUp = value;
            return this;
        }

        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        public Builder oneOff(boolean value) {
            oneOff = value;
            return this;
        }

        public Builder remaining(@Nullable Long value) {
            remaining = value;
            return this;
        }

        public Builder expiresAfter(@Nullable Duration value) {
            expiresAfter = value;
            return this;
        }

        public Builder jitter(Duration value) {
            jitter = value;
            return this;
        }

        public Builder overlap(Overlap value) {
            overlap = value;
            return this;
        }

        public Builder description(@Nullable String value) {
            description = value;
            return this;
        }

        public Builder note(@Nullable String value) {
            note = value;
            return this;
        }

        /**
         * @throws InvalidScheduleException naming the field that breaks a rule
         */
        public Schedule build() {
            if (template == null) {
                throw new InvalidScheduleException("task", "is required");
            }
            if (rule == null) {
                throw new InvalidScheduleException("kind", "is required: one of " + ScheduleRule.KINDS);
            }
            return new Schedule(
                    name,
                    template,
                    new Timing(rule, timezone, startAt, endAt),
                    catchUp,
                    enabled,
                    oneOff,
                    remaining,
                    expiresAfter,
                    jitter,
                    overlap,
                    description,
                    note);
        }
    }
}
