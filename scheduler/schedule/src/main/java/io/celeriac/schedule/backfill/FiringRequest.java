package io.celeriac.schedule.backfill;

import io.celeriac.contract.task.TaskIds;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.rule.PlainText;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked for beside a schedule's rhythm: one firing now, or the firings of a range in the past. It is stored before anybody
 * is told, and carried out by the schedulers.
 *
 * @param id given when it was asked for
 * @param scheduleId whose firings they are
 * @param kind {@link FiringKind#MANUAL} or {@link FiringKind#BACKFILL}
 * @param range the fire times asked for
 * @param pace how fast
 * @param progress how far it has come
 * @param dueAt when a scheduler looks at it next; when it last did, once it has ended
 * @param createdAt when it was asked for
 * @param createdBy by whom; null where nobody is known
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

    /** Where it stands. */
    public enum State {
        /** There are firings to come. */
        ACTIVE,
        /** All were emitted or skipped. */
        DONE,
        /** Ended by a person, or because the schedule is gone. */
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
     * Fire times.
     *
     * @param from the earliest that counts
     * @param to after this, none does; itself not in the range
     * @param again whether firings are emitted also for fire times that had one already, under ids of their own
     */
    public record Range(Instant from, Instant to, boolean again) {}

    /**
     * How fast.
     *
     * @param perSecond firings, from 1 to 1,000
     * @param oneByOne whether each waits until the one before it has ended
     */
    public record Pace(int perSecond, boolean oneByOne) {}

    /**
     * How far it has come.
     *
     * @param total firings in the range
     * @param emitted of these
     * @param skipped of these, since there was a firing already or the broker takes none such
     * @param nextFireAt the next; null when there is none
     * @param lastTaskId of the last one emitted; null before the first
     * @param lastEmittedAt when that was; null before the first
     * @param reason why it has ended early; null when it has not
     * @param endedAt when it has; null while it has not
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

    /** Id of the task of a firing, the same however often it is emitted. */
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
