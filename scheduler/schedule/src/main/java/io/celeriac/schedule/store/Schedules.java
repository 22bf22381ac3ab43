package io.celeriac.schedule.store;

import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import io.celeriac.schedule.Timing;
import io.celeriac.schedule.UnreadableSchedule;
import io.celeriac.schedule.UnreadableScheduleException;
import io.celeriac.schedule.history.FiringCursor;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.history.UnfinishedFiringRepository;
import io.celeriac.schedule.store.ScheduleChange.Deleted;
import io.celeriac.schedule.store.ScheduleChange.Missing;
import io.celeriac.schedule.store.ScheduleChange.NameTaken;
import io.celeriac.schedule.store.ScheduleChange.NeverFires;
import io.celeriac.schedule.store.ScheduleChange.Saved;
import io.celeriac.schedule.store.ScheduleChange.Stale;
import io.celeriac.schedule.table.RetriedTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The schedules, for people and for what serves them. Each change is one transaction that holds the row, so that it meets no
 * scheduler half way; the version keeps two people from undoing each other's work unseen.
 *
 * <p>A change that leaves the timing alone leaves the rhythm alone. One that does not begins anew from now, and a firing that was
 * overdue by the old timing goes into the history as skipped. Safe for use by several threads.
 */
public final class Schedules {

    /** Somebody else has changed it each time that one is needed, so whoever gets there comes to an end. */
    private static final int MOST_TRIES = 50;

    private final ScheduleRepository schedules;
    private final FiringRepository firings;
    private final UnfinishedFiringRepository unfinished;
    private final RetriedTransaction transaction;
    private final InstantSource clock;

    public Schedules(
            ScheduleRepository schedules,
            FiringRepository firings,
            UnfinishedFiringRepository unfinished,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        this.schedules = schedules;
        this.firings = firings;
        this.unfinished = unfinished;
        this.clock = clock;
        transaction = new RetriedTransaction(transactions);
    }

    /**
     * The schedule of a name.
     *
     * @throws UnreadableScheduleException when it cannot be read
     */
    public Optional<StoredSchedule> find(String name) {
        return schedules.find(name);
    }

    /** The schedule of a name, whether it can be read or not. */
    public Optional<ScheduleRow> look(String name) {
        return schedules.findRow(name);
    }

    /**
     * Schedules in the order of their names.
     *
     * @param after the last name that is known already; empty to begin
     * @param limit of schedules; of large ones it answers fewer
     */
    public Page list(ScheduleFilter filter, String after, int limit) {
        var part = schedules.list(filter, after, limit);
        var rows = part.rows();
        var more = part.isCut() || rows.size() == limit;
        return new Page(rows, more ? rows.get(rows.size() - 1).name() : null);
    }

    /**
     * A page of schedules.
     *
     * @param cursor where the next page begins; null when this is the last
     */
    public record Page(List<ScheduleRow> items, @Nullable String cursor) {}

    /**
     * Stores a new one.
     *
     * @param by who did it; null where nobody is known
     * @return {@link Saved}, {@link NameTaken} or {@link NeverFires}
     */
    public ScheduleChange create(Schedule schedule, @Nullable String by) {
        var planned = planned(schedule, by);
        var never = NeverFiresCheck.of(planned);
        if (never.isPresent()) { // a second attempt, long after the first, must hear of the first
            return schedules.findRow(schedule.name()).isPresent() ? new NameTaken() : never.get();
        }
        return transaction.execute(() -> {
            try {
                schedules.insert(planned);
                return new Saved(planned, true);
            } catch (DuplicateKeyException e) { // an outcome, not a fault: somebody was first
                return new NameTaken();
            }
        });
    }

    private StoredSchedule planned(Schedule schedule, @Nullable String by) {
        var signed = new Signed(now(), by);
        return replanned(new StoredSchedule(UUID.randomUUID().toString(), schedule, Progress.NONE, 1, signed, signed));
    }

    /** What keeps a schedule from ever firing, were it stored now; empty when nothing does, or it is paused. */
    public Optional<NeverFires> obstacle(Schedule schedule) {
        return NeverFiresCheck.of(planned(schedule, null));
    }

    /**
     * Puts a schedule in the place of the one of its name, which need not be one that can be read.
     *
     * @param condition null for none
     * @return {@link Saved}, {@link Missing}, {@link Stale} or, when it is its new timing that never fires, {@link NeverFires}
     */
    public ScheduleChange replace(Schedule schedule, @Nullable Precondition condition, @Nullable String by) {
        return locked(
                schedule.name(),
                condition,
                row -> row instanceof StoredSchedule before
                        ? changed(before, schedule, by)
                        : mended((UnreadableSchedule) row, schedule, by));
    }

    /**
     * As {@link #replace}, and where there is none of its name, creates it, if that is within the condition: however many do so at
     * once, and delete it in between.
     *
     * @return {@link Saved}, {@link Missing}, {@link Stale}, {@link NeverFires} or, when others were faster again and again,
     *     {@link NameTaken}
     */
    public ScheduleChange put(Schedule schedule, @Nullable Precondition condition, @Nullable String by) {
        ScheduleChange outcome = new NameTaken();
        for (var tries = 0; tries < MOST_TRIES && outcome instanceof NameTaken; tries++) {
            outcome = replace(schedule, condition, by);
            if (outcome instanceof Missing && (condition == null || condition.holds(OptionalLong.empty()))) {
                outcome = create(schedule, by);
            }
        }
        return outcome;
    }

    /**
     * Pauses a schedule. What falls due meanwhile is missed.
     *
     * @param note why; null to leave the note as it is
     * @return as {@link #replace}
     * @throws UnreadableScheduleException when it cannot be read
     */
    public ScheduleChange pause(
            String name, @Nullable String note, @Nullable Precondition condition, @Nullable String by) {
        return enabled(name, false, note, condition, by);
    }

    /**
     * Resumes a schedule; for what it missed, see {@link CatchUp}.
     *
     * @param note why; null to leave the note as it is
     * @return as {@link #replace}
     * @throws UnreadableScheduleException when it cannot be read
     */
    public ScheduleChange resume(
            String name, @Nullable String note, @Nullable Precondition condition, @Nullable String by) {
        return enabled(name, true, note, condition, by);
    }

    private ScheduleChange enabled(
            String name,
            boolean enabled,
            @Nullable String note,
            @Nullable Precondition condition,
            @Nullable String by) {
        return locked(name, condition, row -> {
            var before = ScheduleRepository.readable(row);
            var is = before.schedule();
            var after = is.toBuilder()
                    .enabled(enabled)
                    .note(note == null ? is.note() : note)
                    .build();
            return changed(before, after, by);
        });
    }

    private ScheduleChange changed(StoredSchedule before, Schedule schedule, @Nullable String by) {
        var changed = new StoredSchedule(
                before.id(),
                schedule,
                before.progress(),
                before.version() + 1,
                before.created(),
                new Signed(now(), by));
        if (sameRhythm(before.schedule(), schedule) && !isAtItsEnd(before)) {
            return updated(changed);
        }
        var anew = replanned(rearmed(before.schedule(), changed));
        var never = hasHadItsTime(before, schedule) ? Optional.<NeverFires>empty() : NeverFiresCheck.of(anew);
        if (never.isPresent()) {
            return never.get();
        }
        ScheduleFiring.overtaken(before, now())
                .filter(firing -> !firing.fireTime().equals(anew.progress().nextFireAt()))
                .ifPresent(firing -> firings.add(before.id(), firing));
        return updated(anew);
    }

    private ScheduleChange updated(StoredSchedule after) {
        schedules.update(after);
        return new Saved(after, false);
    }

    /** Whether its timing was taken at its time: one that has fired, or stood there to fire, may end and still be edited. */
    private static boolean hasHadItsTime(StoredSchedule before, Schedule after) {
        return before.schedule().timing().equals(after.timing())
                && (before.schedule().enabled() || before.progress().totalFires() > 0);
    }

    private ScheduleChange mended(UnreadableSchedule before, Schedule schedule, @Nullable String by) {
        var progress = before.progress();
        var mended = replanned(new StoredSchedule(
                before.id(),
                schedule,
                schedule.oneOff() ? progress.rearmed() : progress,
                before.version() + 1,
                before.created(),
                new Signed(now(), by)));
        var never = NeverFiresCheck.of(mended);
        return never.isPresent() ? never.get() : updated(mended);
    }

    /**
     * Deletes a schedule, whether it can be read or not. Its history stays until it is too old.
     *
     * @return {@link Deleted}, {@link Missing} or {@link Stale}
     */
    public ScheduleChange delete(String name, @Nullable Precondition condition) {
        return locked(name, condition, before -> {
            schedules.delete(before.id());
            unfinished.deleteOf(before.id());
            return new Deleted(before);
        });
    }

    private ScheduleChange locked(
            String name, @Nullable Precondition condition, Function<ScheduleRow, ScheduleChange> change) {
        return transaction.execute(() -> {
            var found = schedules.lockRow(name);
            if (found.isEmpty()) {
                return new Missing();
            }
            var version = found.get().version();
            return condition == null || condition.holds(OptionalLong.of(version))
                    ? change.apply(found.get())
                    : new Stale(version);
        });
    }

    private static boolean sameRhythm(Schedule before, Schedule after) {
        return before.timing().equals(after.timing())
                && before.oneOff() == after.oneOff()
                && Objects.equals(before.remaining(), after.remaining());
    }

    /** Nothing is to come, so that there is no rhythm to be kept; there may be again, by a change of whatever stopped it. */
    private static boolean isAtItsEnd(StoredSchedule schedule) {
        return schedule.progress().nextFireAt() == null && schedule.progress().bufferedFireAt() == null;
    }

    /** One that fires once does so again when its timing is new, or it was not one of those. */
    private static StoredSchedule rearmed(Schedule before, StoredSchedule after) {
        var anew = after.schedule().oneOff()
                && (!before.oneOff() || !before.timing().equals(after.schedule().timing()));
        return anew ? after.with(after.progress().rearmed()) : after;
    }

    private StoredSchedule replanned(StoredSchedule schedule) {
        return schedule.with(schedule.progress().next(schedule.nextAnew(now()).orElse(null)));
    }

    /**
     * What a timing comes to, without storing it.
     *
     * @param after where to begin; intervals without start count from here. Null for now
     * @param count how many instants at the most
     */
    public List<Instant> preview(Timing timing, @Nullable Instant after, int count) {
        var from = after == null ? now() : after;
        var table = timing.timetable(from);
        return Stream.iterate(table.next(from), Optional::isPresent, next -> next.flatMap(table::next))
                .flatMap(Optional::stream)
                .limit(count)
                .toList();
    }

    /**
     * A page of a schedule's history, the latest firing first; empty when there is no such schedule.
     *
     * @param cursor {@link Firings#cursor()} of the page before; null to begin
     * @throws io.celeriac.schedule.rule.InvalidScheduleException when there never was such a cursor
     */
    public Optional<Firings> firings(String name, int limit, @Nullable String cursor) {
        var from = cursor == null ? null : FiringCursor.of(cursor);
        return look(name).map(schedule -> Firings.of(firings.history(schedule.id(), from, limit), limit));
    }

    /**
     * A page of a schedule's history.
     *
     * @param items the latest firing first
     * @param cursor where the next page begins; null when this is the last
     */
    public record Firings(
            List<ScheduleFiring> items, @Nullable String cursor) {

        static Firings of(List<ScheduleFiring> items, int limit) {
            return new Firings(
                    items,
                    items.size() < limit
                            ? null
                            : FiringCursor.after(items.get(items.size() - 1)).toString());
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * The schedule of a name, which nobody else changes until the end of the transaction that the caller is in.
     *
     * @throws UnreadableScheduleException when it cannot be read
     */
    public Optional<StoredSchedule> lock(String name) {
        return schedules.lock(name);
    }
}
