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
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
 * Reads and changes schedules. Each change is one transaction that locks the row, so that no scheduler fires in between. The version
 * keeps two people from overwriting each other's changes unnoticed.
 *
 * <p>A change that keeps the timing keeps the next fire time. A change of the timing starts again from now, and a firing that was
 * overdue by the old timing goes into the history as skipped. Safe for use by several threads.
 */
public final class Schedules {

    /** Each retry means that somebody else created or deleted the schedule in between. */
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

    /**
     * Since when the due firing of a schedule waits for the tables of results: it may have been sent already, and they do not tell yet.
     * Empty when it does not wait, or does not exist.
     */
    public Optional<Instant> waitsForResultsSince(String name) {
        return schedules.asksSince(name);
    }

    /** The schedule of a name, readable or not. */
    public Optional<ScheduleRow> look(String name) {
        return schedules.findRow(name);
    }

    /**
     * Schedules in the order of their names.
     *
     * @param after the last name of the page before; empty for the first page
     * @param limit most schedules of the page; large ones come in smaller pages
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
     * Stores a new schedule.
     *
     * @param by who creates it; null if unknown
     * @return {@link Saved}, {@link NameTaken} or {@link NeverFires}
     */
    public ScheduleChange create(Schedule schedule, @Nullable String by) {
        var planned = planned(schedule, by);
        var never = NeverFiresCheck.of(planned);
        if (never.isPresent()) { // a repeated call must learn that the first one succeeded
            return schedules.findRow(schedule.name()).isPresent() ? new NameTaken() : never.get();
        }
        return transaction.execute(() -> {
            try {
                schedules.insert(planned);
                return new Saved(planned, true);
            } catch (DuplicateKeyException e) { // an outcome, not an error: somebody else was first
                return new NameTaken();
            }
        });
    }

    private StoredSchedule planned(Schedule schedule, @Nullable String by) {
        var signed = new Signed(now(), by);
        return replanned(new StoredSchedule(UUID.randomUUID().toString(), schedule, Progress.NONE, 1, signed, signed));
    }

    /** Why a schedule would never fire if it were stored now; empty if it would fire or is paused. */
    public Optional<NeverFires> obstacle(Schedule schedule) {
        return NeverFiresCheck.of(planned(schedule, null));
    }

    /**
     * Replaces the schedule of the same name, readable or not.
     *
     * @param condition null for none
     * @return {@link Saved}, {@link Missing}, {@link Stale}, or {@link NeverFires} if the new timing never fires
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
     * Replaces the schedule of the same name, or creates it if there is none and the condition allows that. Safe against others that
     * create or delete it at the same time.
     *
     * @return {@link Saved}, {@link Missing}, {@link Stale}, {@link NeverFires}, or {@link NameTaken} if others were faster every time
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
     * Pauses a schedule. Firings that are due meanwhile are missed.
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
     * Resumes a schedule. {@link CatchUp} decides about missed firings.
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

    /**
     * Whether a schedule with this timing has fired or been enabled before. Such a schedule may have ended, and can still be edited.
     */
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
     * Deletes a schedule, readable or not. Its history stays until it is too old.
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

    /** Whether no firing is left. A change can then give it a next fire time. */
    private static boolean isAtItsEnd(StoredSchedule schedule) {
        return schedule.progress().nextFireAt() == null && schedule.progress().bufferedFireAt() == null;
    }

    /** Lets a schedule that fires once fire again, if its timing is new or it did not fire only once before. */
    private static StoredSchedule rearmed(Schedule before, StoredSchedule after) {
        var anew = after.schedule().oneOff()
                && (!before.oneOff() || !before.timing().equals(after.schedule().timing()));
        return anew ? after.with(after.progress().rearmed()) : after;
    }

    private StoredSchedule replanned(StoredSchedule schedule) {
        return schedule.with(schedule.progress().next(schedule.nextAnew(now()).orElse(null)));
    }

    /**
     * The next fire times of a timing, without storing it.
     *
     * @param after where to start; intervals without start count from here; null for now
     * @param count the most fire times to return
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
     * The latest firings of schedules, by id, the latest of each first; a schedule without firings is absent.
     *
     * @param each the most of each schedule
     */
    public Map<String, List<ScheduleFiring>> latestFirings(Collection<String> ids, int each) {
        return firings.latest(ids, each);
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
     * The schedule of a name, locked until the caller's transaction ends.
     *
     * @throws UnreadableScheduleException when it cannot be read
     */
    public Optional<StoredSchedule> lock(String name) {
        return schedules.lock(name);
    }
}
