package io.celeriac.schedule.firing;

import io.celeriac.contract.task.Task;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about one schedule that is due.
 *
 * @param schedule as it was claimed
 * @param firings what goes into its history: firings to emit, oldest first, and firings to skip
 * @param next where it goes on
 * @param toRevoke ids of earlier firings that have to end
 * @param known ids of those firings to emit whose tasks are there already
 */
public record FiringPlan(
        StoredSchedule schedule, List<ScheduleFiring> firings, Next next, List<String> toRevoke, Set<String> known)
        implements Plan<FiringPlan> {

    private static final String UNSURE = "; the results did not tell in time whether it was sent";

    /**
     * Where a schedule goes on.
     *
     * @param fireAt the firing after those of the plan; null when there is none any more
     * @param bufferedFireAt the firing that waits for an earlier one to end; null when none does
     * @param dueAt when to look at the schedule again; null for never
     * @param chosen whether that firing stands for missed ones, which the plan skips
     */
    public record Next(
            @Nullable Instant fireAt,
            @Nullable Instant bufferedFireAt,
            @Nullable Instant dueAt,
            boolean chosen) {

        Next(@Nullable Instant fireAt, @Nullable Instant bufferedFireAt, @Nullable Instant dueAt) {
            this(fireAt, bufferedFireAt, dueAt, false);
        }
    }

    public FiringPlan {
        firings = List.copyOf(firings);
        toRevoke = List.copyOf(toRevoke);
        known = Set.copyOf(known);
    }

    /** The firings to emit, oldest first, those whose tasks are there already among them. */
    public List<ScheduleFiring> emitted() {
        return firings.stream().filter(ScheduleFiring::isEmitted).toList();
    }

    @Override
    public List<ScheduleFiring> toSend() {
        return emitted().stream()
                .filter(firing -> !known.contains(firing.taskId()))
                .toList();
    }

    @Override
    public Task task(ScheduleFiring firing) {
        return schedule.task(firing.fireTime());
    }

    @Override
    public FiringPlan skipping(ScheduleFiring firing, String reason) {
        var told = new FiringPlan(schedule, replaced(firing, firing.skipped(reason)), next, toRevoke, known);
        return next.fireAt == null && told.emitted().size() < schedule.firesLeft() ? told.goingOn() : told;
    }

    /** With the firing after one that was to be the last, and was skipped. */
    private FiringPlan goingOn() {
        var fireAt = schedule.timetable()
                .next(firings.get(firings.size() - 1).fireUntil())
                .orElse(null);
        var dueAt = next.dueAt != null || fireAt == null ? next.dueAt : schedule.dueAt(fireAt);
        return new FiringPlan(schedule, firings, new Next(fireAt, next.bufferedFireAt, dueAt), toRevoke, known);
    }

    /** The same plan, after firings that somebody had sent before, oldest first. */
    FiringPlan after(StoredSchedule claimed, List<ScheduleFiring> sent) {
        var told = new ArrayList<ScheduleFiring>();
        var ids = new HashSet<>(known);
        for (var firing : sent) {
            told.add(firing.known());
            ids.add(Objects.requireNonNull(firing.taskId()));
        }
        told.addAll(firings);
        return new FiringPlan(claimed, told, next, toRevoke, ids);
    }

    /** The same plan, with something more to be told. */
    FiringPlan telling(ScheduleFiring firing) {
        return new FiringPlan(
                schedule, Stream.concat(firings.stream(), Stream.of(firing)).toList(), next, toRevoke, known);
    }

    /** The same plan, knowing that these tasks are there already. */
    FiringPlan knowing(Set<String> ids) {
        var told = firings.stream()
                .map(firing -> ids.contains(firing.taskId()) ? firing.known() : firing)
                .toList();
        var all = new HashSet<>(known);
        all.addAll(ids);
        return new FiringPlan(schedule, told, next, toRevoke, all);
    }

    private List<ScheduleFiring> replaced(ScheduleFiring firing, ScheduleFiring by) {
        return firings.stream().map(each -> each.equals(firing) ? by : each).toList();
    }

    /** Where the schedule stands once the plan is carried out. */
    Progress progress() {
        var before = schedule.progress();
        var emitted = emitted();
        var last = emitted.isEmpty()
                ? before.lastFireAt()
                : emitted.get(emitted.size() - 1).fireTime();
        return new Progress(next.fireAt, next.bufferedFireAt, last, before.totalFires() + emitted.size());
    }

    /** The same plan; of what it skips nobody could tell whether it was sent. */
    FiringPlan unsure() {
        var told = firings.stream()
                .map(firing -> firing.isEmitted() ? firing : firing.skipped(firing.reason() + UNSURE))
                .toList();
        return new FiringPlan(schedule, told, next, toRevoke, known);
    }

    /**
     * Of the firings that are told as skipped, those that a scheduler may have sent which could not write that down: as many as one plan may
     * emit, so that each line begins with them.
     *
     * @param missedAfter how late firings are that one plan emits, where it does not emit all that were missed
     */
    List<Instant> doubtful(Duration missedAfter) {
        return firings.stream()
                .filter(line -> !line.isEmitted())
                .flatMap(line -> doubtful(line, missedAfter))
                .toList();
    }

    private Stream<Instant> doubtful(ScheduleFiring line, Duration missedAfter) {
        var table = schedule.timetable();
        var all = schedule.schedule().catchUp().policy() == CatchUp.Policy.ALL;
        var last = line.fireTime().plus(schedule.schedule().jitter()).plus(missedAfter);
        return Stream.iterate(
                        Optional.of(line.fireTime()), Optional::isPresent, fireTime -> fireTime.flatMap(table::next))
                .flatMap(Optional::stream)
                .limit(Math.min(line.count(), FiringPlanner.MOST_FIRINGS))
                .takeWhile(fireTime -> all || !fireTime.isAfter(last))
                .filter(fireTime -> !fireTime.isAfter(line.fireUntil()));
    }

    /** The same plan, which tells those firings as emitted of which it turned out that they have a task. */
    FiringPlan withoutLies(Duration missedAfter, Predicate<String> hasTask) {
        var told = new ArrayList<ScheduleFiring>();
        var ids = new HashSet<>(known);
        for (var line : firings) {
            var doubtful = line.isEmitted()
                    ? List.<Instant>of()
                    : doubtful(line, missedAfter).toList();
            if (doubtful.stream().noneMatch(fireTime -> hasTask.test(schedule.taskId(fireTime)))) {
                told.add(line);
                continue;
            }
            for (var fireTime : doubtful) {
                var id = schedule.taskId(fireTime);
                if (hasTask.test(id)) {
                    ids.add(id);
                    told.add(ScheduleFiring.emitted(fireTime, FiringKind.CAUGHT_UP, id, line.emittedAt())
                            .known());
                } else {
                    told.add(part(line, fireTime, fireTime, 1));
                }
            }
            schedule.timetable()
                    .next(doubtful.get(doubtful.size() - 1))
                    .filter(rest -> line.count() > doubtful.size())
                    .ifPresent(rest -> told.add(part(line, rest, line.fireUntil(), line.count() - doubtful.size())));
        }
        return new FiringPlan(schedule, ScheduleFiring.merged(told), next, toRevoke, ids);
    }

    private static ScheduleFiring part(ScheduleFiring line, Instant first, Instant last, long count) {
        return ScheduleFiring.skipped(first, last, count, Objects.requireNonNull(line.reason()), line.emittedAt());
    }

    /** Whether any firing is told as skipped. */
    boolean skips() {
        return firings.stream().anyMatch(firing -> !firing.isEmitted());
    }

    /** A firing that is counted down changes the version, so that nobody writes back the earlier number. */
    long version() {
        return schedule.version() + (remaining() == null || emitted().isEmpty() ? 0 : 1);
    }

    /** How often the schedule may fire after that; null for ever. */
    @Nullable
    Long remaining() {
        var remaining = schedule.schedule().remaining();
        return remaining == null
                ? null
                : Long.valueOf(Math.max(
                        0, Objects.requireNonNull(remaining) - emitted().size()));
    }
}
