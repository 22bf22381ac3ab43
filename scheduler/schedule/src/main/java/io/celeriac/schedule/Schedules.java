package io.celeriac.schedule;

import io.celeriac.schedule.Change.Missing;
import io.celeriac.schedule.Change.NameTaken;
import io.celeriac.schedule.Change.Saved;
import io.celeriac.schedule.Change.Stale;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The schedules, for people and for what serves them. Each change is one transaction that holds the row, so that it meets no
 * scheduler half way; the version keeps two people from undoing each other's work unseen.
 *
 * <p>A change that leaves the timing alone leaves the rhythm alone. One that does not begins anew from now, and a run that was
 * overdue by the old timing goes into the history as skipped. Safe for use by several threads.
 */
public final class Schedules {

    private final ScheduleRepository schedules;
    private final FiringRepository firings;
    private final RunRepository runs;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Schedules(
            ScheduleRepository schedules,
            FiringRepository firings,
            RunRepository runs,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        this.schedules = schedules;
        this.firings = firings;
        this.runs = runs;
        this.clock = clock;
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** The schedule of a name. */
    public Optional<StoredSchedule> find(String name) {
        return schedules.find(name);
    }

    /**
     * Schedules in the order of their names.
     *
     * @param after the last name that is known already; empty to begin
     */
    public List<StoredSchedule> list(String after, int limit) {
        return schedules.list(after, limit);
    }

    /**
     * Stores a new one.
     *
     * @param by who did it; null where nobody is known
     * @return {@link Saved} or {@link NameTaken}
     */
    public Change create(Schedule schedule, @Nullable String by) {
        var signed = new Signed(now(), by);
        var fresh = new StoredSchedule(UUID.randomUUID().toString(), schedule, Progress.NONE, 1, signed, signed);
        var planned = replanned(fresh);
        try {
            schedules.insert(planned);
            return new Saved(planned, true);
        } catch (DuplicateKeyException e) { // an outcome, not a fault: somebody was first
            return new NameTaken();
        }
    }

    /**
     * Puts a schedule in the place of the one of its name.
     *
     * @param version the one that the change was made from; null to change whatever there is
     * @return {@link Saved}, {@link Missing} or {@link Stale}
     */
    public Change replace(Schedule schedule, @Nullable Long version, @Nullable String by) {
        return change(schedule.name(), version, by, before -> schedule);
    }

    /**
     * Pauses a schedule. What falls due meanwhile is missed.
     *
     * @param note why; null to leave the note as it is
     * @return as {@link #replace}
     */
    public Change pause(String name, @Nullable String note, @Nullable Long version, @Nullable String by) {
        return change(name, version, by, before -> enabled(before, false, note));
    }

    /**
     * Resumes a schedule; for what it missed, see {@link CatchUp}.
     *
     * @param note why; null to leave the note as it is
     * @return as {@link #replace}
     */
    public Change resume(String name, @Nullable String note, @Nullable Long version, @Nullable String by) {
        return change(name, version, by, before -> enabled(before, true, note));
    }

    private static Schedule enabled(Schedule before, boolean enabled, @Nullable String note) {
        return before.toBuilder()
                .enabled(enabled)
                .note(note == null ? before.note() : note)
                .build();
    }

    private Change change(
            String name, @Nullable Long version, @Nullable String by, Function<Schedule, Schedule> change) {
        return locked(name, version, before -> {
            var changed = new StoredSchedule(
                    before.id(),
                    change.apply(before.schedule()),
                    before.progress(),
                    before.version() + 1,
                    before.created(),
                    new Signed(now(), by));
            var after = sameRhythm(before.schedule(), changed.schedule()) && !isAtItsEnd(before)
                    ? changed
                    : begunAnew(before, changed);
            schedules.update(after);
            return new Saved(after, false);
        });
    }

    /**
     * Deletes a schedule. Its history stays until it is too old.
     *
     * @return {@link Saved} with what was deleted, {@link Missing} or {@link Stale}
     */
    public Change delete(String name, @Nullable Long version) {
        return locked(name, version, before -> {
            schedules.delete(before.id());
            runs.deleteOf(before.id());
            return new Saved(before, false);
        });
    }

    private Change locked(String name, @Nullable Long version, Function<StoredSchedule, Change> change) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var found = schedules.lock(name);
            if (found.isEmpty()) {
                return new Missing();
            }
            var current = found.get().version();
            return version != null && version != current ? new Stale(current) : change.apply(found.get());
        }));
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

    private StoredSchedule begunAnew(StoredSchedule before, StoredSchedule after) {
        FiringPlanner.overtaken(before, now()).ifPresent(firing -> firings.record(before.id(), firing));
        return replanned(rearmed(before.schedule(), after));
    }

    /** One that fires once does so again when its timing is new, or it was not one of those. */
    private static StoredSchedule rearmed(Schedule before, StoredSchedule after) {
        var anew = after.schedule().oneOff()
                && (!before.oneOff() || !before.timing().equals(after.schedule().timing()));
        var progress = after.progress();
        return anew
                ? after.with(new Progress(progress.nextFireAt(), progress.bufferedFireAt(), progress.lastFireAt(), 0))
                : after;
    }

    private StoredSchedule replanned(StoredSchedule schedule) {
        return new StoredSchedule(
                schedule.id(),
                schedule.schedule(),
                schedule.progress().next(schedule.nextAnew(now()).orElse(null)),
                schedule.version(),
                schedule.created(),
                schedule.updated());
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
     * A page of a schedule's history, the latest run first; empty when there is no such schedule.
     *
     * @param cursor {@link Firings#cursor()} of the page before; null to begin
     * @throws io.celeriac.schedule.rule.InvalidScheduleException when there never was such a cursor
     */
    public Optional<Firings> firings(String name, int limit, @Nullable String cursor) {
        var from = cursor == null ? null : FiringCursor.of(cursor);
        return find(name).map(schedule -> Firings.of(firings.history(schedule.id(), from, limit), limit));
    }

    /**
     * A page of a schedule's history.
     *
     * @param items the latest run first
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

    /** The schedule of a name, which nobody else changes until the end of the transaction that the caller is in. */
    public Optional<StoredSchedule> lock(String name) {
        return schedules.lock(name);
    }
}
