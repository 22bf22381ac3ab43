package io.celeriac.schedule.backfill;

import io.celeriac.contract.task.TaskIds;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.rule.PlainText;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A person's request for extra firings: one now, or those of a range in the past. It is stored before the person gets an answer. The
 * schedulers carry it out.
 *
 * @param id set at creation
 * @param scheduleId of the schedule that fires
 * @param kind {@link FiringKind#MANUAL} or {@link FiringKind#BACKFILL}
 * @param range the fire times asked for
 * @param pace how fast it fires
 * @param progress how far the schedulers have come with it
 * @param dueAt when a scheduler looks at it next; after its end, when one last did
 * @param createdAt when it was asked for
 * @param createdBy by whom; null if unknown
 */
public record FiringRequest(
        String id,
        String scheduleId,
        FiringKind kind,
        Range range,
        Pace pace,
        Progress progress,
        Instant dueAt,
        Instant createdAt,
        @Nullable String createdBy) {

    private static final int LONGEST_REASON = 1_000;

    /** The state of a request. */
    public enum State {
        /** Firings are left. */
        ACTIVE,
        /** All were emitted or skipped. */
        DONE,
        /** A person ended it, or the schedule was deleted. */
        CANCELLED;

        /** The word for it in JSON and in the table. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return Arrays.stream(values())
                    .filter(state -> state.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no state " + word));
        }
    }

    /**
     * A range of fire times.
     *
     * @param from the start, inclusive
     * @param to the end, exclusive
     * @param again whether fire times that have a firing already get another one, with another task id
     */
    public record Range(Instant from, Instant to, boolean again) {}

    /**
     * How fast a request fires.
     *
     * @param perSecond firings, from 1 to 1,000
     * @param oneByOne whether each firing waits until the one before it has ended
     */
    public record Pace(int perSecond, boolean oneByOne) {}

    /**
     * How far the schedulers have come with a request.
     *
     * @param total firings in the range
     * @param emitted of these
     * @param skipped of these, because there was a firing already or the broker never takes such a task
     * @param nextFireAt fire time of the next firing; null if there is none
     * @param lastTaskId task of the last emitted firing; null before the first
     * @param lastEmittedAt when that task was emitted; null before the first
     * @param reason why it ended early; null if it did not
     * @param endedAt when it ended; null before
     */
    public record Progress(
            State state,
            long total,
            long emitted,
            long skipped,
            @Nullable Instant nextFireAt,
            @Nullable String lastTaskId,
            @Nullable Instant lastEmittedAt,
            @Nullable String reason,
            @Nullable Instant endedAt) {

        static Progress begin(long total, Instant first) {
            return new Progress(State.ACTIVE, total, 0, 0, first, null, null, null, null);
        }
    }

    boolean oneByOne() {
        return pace.oneByOne;
    }

    /** The id of the task of a firing. It is the same however often the firing is emitted. */
    String taskId(Instant fireTime) {
        return TaskIds.ofFiring(range.again ? id : scheduleId, fireTime);
    }

    FiringRequest dueAt(Instant newDueAt) {
        return at(progress, newDueAt);
    }

    FiringRequest at(Progress newProgress, Instant newDueAt) {
        return new FiringRequest(id, scheduleId, kind, range, pace, newProgress, newDueAt, createdAt, createdBy);
    }

    FiringRequest cancelled(String because, Instant now) {
        var reason = PlainText.clipped(because, LONGEST_REASON);
        return at(
                new Progress(
                        State.CANCELLED,
                        progress.total,
                        progress.emitted,
                        progress.skipped,
                        progress.nextFireAt,
                        progress.lastTaskId,
                        progress.lastEmittedAt,
                        reason,
                        now),
                now);
    }
}
