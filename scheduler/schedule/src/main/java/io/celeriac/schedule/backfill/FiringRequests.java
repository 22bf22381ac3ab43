package io.celeriac.schedule.backfill;

import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.backfill.FiringRequest.Pace;
import io.celeriac.schedule.backfill.FiringRequest.Progress;
import io.celeriac.schedule.backfill.FiringRequest.Range;
import io.celeriac.schedule.backfill.FiringRequest.State;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.store.ScheduleRepository;
import io.celeriac.schedule.table.RetriedTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Takes requests for extra firings: one now, or those of a range in the past. They do not change the schedule's own fire times. A
 * request is stored before this returns. The schedulers carry it out within a second, or when they are back. Schedules that are paused,
 * have ended or have no firings left can fire on request too. Safe for use by several threads.
 */
public final class FiringRequests {

    /** The most firings of one backfill. */
    public static final long MOST_FIRINGS = 1_000_000;

    /** The fastest pace. */
    public static final int MOST_PER_SECOND = 1_000;

    private final ScheduleRepository schedules;
    private final FiringRequestRepository requests;
    private final RetriedTransaction transaction;
    private final InstantSource clock;

    public FiringRequests(
            ScheduleRepository schedules,
            FiringRequestRepository requests,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        this.schedules = schedules;
        this.requests = requests;
        this.clock = clock;
        transaction = new RetriedTransaction(transactions);
    }

    /**
     * One firing now, on request.
     *
     * @param fireTime now
     * @param taskId id of the task that a scheduler will emit
     */
    public record ManualFiring(Instant fireTime, String taskId) {}

    /**
     * Requests one firing now, with all options of the schedule except its overlap policy.
     *
     * @param by who asks; null if unknown
     * @return empty when there is no such schedule
     */
    public Optional<ManualFiring> fire(String name, @Nullable String by) {
        return schedules.find(name).map(schedule -> {
            var now = now();
            var request = new FiringRequest(
                    UUID.randomUUID().toString(),
                    schedule.id(),
                    FiringKind.MANUAL,
                    new Range(now, now, false),
                    new Pace(1, false),
                    Progress.begin(1, now),
                    now,
                    now,
                    by);
            requests.insert(request);
            return new ManualFiring(now, request.taskId(now));
        });
    }

    /**
     * Requests the firings of a range in the past. A fire time that has a firing already is skipped, unless {@link Range#again()}. The
     * rule decides, with the grid of an interval. Start, end and overlap policy of the schedule do not count.
     *
     * @return empty when there is no such schedule
     * @throws InvalidScheduleException naming the field that breaks a rule
     */
    public Optional<FiringRequest> backfill(String name, Range range, Pace pace, @Nullable String by) {
        var planned = planned(name, range, pace, by);
        planned.ifPresent(requests::insert);
        return planned;
    }

    /**
     * How many fire times {@link #backfill} would fire for.
     *
     * @return empty when there is no such schedule
     * @throws InvalidScheduleException naming the field that breaks a rule
     */
    public Optional<Long> count(String name, Instant from, Instant to) {
        return planned(name, new Range(from, to, false), new Pace(1, false), null)
                .map(request -> request.progress().total());
    }

    private Optional<FiringRequest> planned(String name, Range range, Pace pace, @Nullable String by) {
        check(!range.from().isBefore(Instant.EPOCH), "from", "must be from 1970 on, but is " + range.from());
        var now = now();
        var from = range.from().truncatedTo(ChronoUnit.MICROS);
        var to = range.to().truncatedTo(ChronoUnit.MICROS);
        check(!from.isAfter(now), "from", "must not be in the future, but is " + from);
        check(from.isBefore(to), "to", "must be after from, but is " + to);
        check(!to.isAfter(now), "to", "must not be in the future, but is " + to);
        check(
                pace.perSecond() >= 1 && pace.perSecond() <= MOST_PER_SECOND,
                "perSecond",
                "must be from 1 to " + MOST_PER_SECOND + ", but is " + pace.perSecond());
        return schedules.find(name).map(schedule -> {
            var first = first(schedule, from).filter(fireTime -> fireTime.isBefore(to));
            var total = first.map(fireTime -> count(schedule, fireTime, to)).orElse(0L);
            check(
                    total <= MOST_FIRINGS,
                    "from",
                    "makes more than " + MOST_FIRINGS + " firings: ask for shorter ranges");
            var progress = first.map(fireTime -> Progress.begin(total, fireTime))
                    .orElseGet(() ->
                            new Progress(State.DONE, 0, 0, 0, null, null, null, "no firing is in the range", now));
            return new FiringRequest(
                    UUID.randomUUID().toString(),
                    schedule.id(),
                    FiringKind.BACKFILL,
                    new Range(from, to, range.again()),
                    pace,
                    progress,
                    now,
                    now,
                    by);
        });
    }

    private static Optional<Instant> first(StoredSchedule schedule, Instant from) {
        return schedule.schedule()
                .timing()
                .backTo(schedule.created().at(), from)
                .next(from.minusNanos(1_000));
    }

    /** Counts the fire times, and stops when there are too many. */
    private static long count(StoredSchedule schedule, Instant first, Instant to) {
        var table = schedule.schedule().timing().backTo(schedule.created().at(), first);
        var count = 0L;
        for (var next = Optional.of(first);
                next.isPresent() && next.get().isBefore(to) && count <= MOST_FIRINGS;
                next = table.next(next.get())) {
            count++;
        }
        return count;
    }

    private static void check(boolean holds, String field, String rule) {
        if (!holds) {
            throw new InvalidScheduleException(field, rule);
        }
    }

    /** The backfills of a schedule, the latest first; empty when there is no such schedule. */
    public Optional<List<FiringRequest>> backfills(String name, int limit) {
        return schedules.find(name).map(schedule -> requests.list(schedule.id(), FiringKind.BACKFILL, limit));
    }

    /** One backfill; empty when there is none. */
    public Optional<FiringRequest> backfill(String name, String id) {
        return schedules.find(name).flatMap(schedule -> requests.find(schedule.id(), id));
    }

    /**
     * Cancels a backfill. Its emitted tasks stay. A backfill that has ended does not change.
     *
     * @return the backfill as it is now; empty if there is none
     */
    public Optional<FiringRequest> cancel(String name, String id, @Nullable String by) {
        return transaction.execute(() -> schedules
                .find(name)
                .flatMap(schedule -> requests.lock(schedule.id(), id))
                .map(request -> request.progress().state() == State.ACTIVE ? cancelled(request, by) : request));
    }

    private FiringRequest cancelled(FiringRequest request, @Nullable String by) {
        var cancelled = request.cancelled(by == null ? "cancelled" : "cancelled by " + by, now());
        requests.update(cancelled);
        return cancelled;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
