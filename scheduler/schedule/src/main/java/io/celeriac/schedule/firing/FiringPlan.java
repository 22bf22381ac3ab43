package io.celeriac.schedule.firing;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.task.Task;
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
 * The plan for one due schedule.
 *
 * @param schedule as it was claimed
 * @param firings the lines for its history: firings to emit, oldest first, and firings to skip
 * @param next where the schedule continues
 * @param toRevoke ids of tasks of earlier firings that must end
 * @param known ids of tasks to emit that exist already
 */
public record FiringPlan(
        StoredSchedule schedule, List<ScheduleFiring> firings, Next next, List<String> toRevoke, Set<String> known)
        implements Plan<FiringPlan> {

    private static final String UNSURE = "; the results did not tell in time whether it was sent";

    /**
     * Where a schedule continues.
     *
     * @param fireAt fire time of the firing after the plan; null if there is none
     * @param bufferedFireAt fire time of the firing that waits for an earlier one to end; null if none waits
     * @param dueAt when a scheduler looks at the schedule again; null for never
     * @param chosen whether that firing replaces missed ones, which the plan skips
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

    /** The firings to emit, oldest first. Their tasks may exist already. */
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

    /** The same plan, with a next firing: the one that was to be the last is skipped. */
    private FiringPlan goingOn() {
        var fireAt = schedule.timetable()
                .next(firings.get(firings.size() - 1).fireUntil())
                .orElse(null);
        var dueAt = next.dueAt != null || fireAt == null ? next.dueAt : schedule.dueAt(fireAt);
        return new FiringPlan(schedule, firings, new Next(fireAt, next.bufferedFireAt, dueAt), toRevoke, known);
    }

    /** The same plan, preceded by firings that were sent before, oldest first. */
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

    /** The same plan, with one more line for the history. */
    FiringPlan telling(ScheduleFiring firing) {
        return new FiringPlan(
                schedule, Stream.concat(firings.stream(), Stream.of(firing)).toList(), next, toRevoke, known);
    }

    /** The same plan, with these tasks known to exist. */
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

    /** The progress of the schedule after the plan. */
    Progress progress() {
        var before = schedule.progress();
        var emitted = emitted();
        var last = emitted.isEmpty()
                ? before.lastFireAt()
                : emitted.get(emitted.size() - 1).fireTime();
        return new Progress(next.fireAt, next.bufferedFireAt, last, before.totalFires() + emitted.size());
    }

    /** The same plan, with a remark on skipped firings: they may have been sent. */
    FiringPlan unsure() {
        var told = firings.stream()
                .map(firing -> firing.isEmitted() ? firing : firing.skipped(firing.reason() + UNSURE))
                .toList();
        return new FiringPlan(schedule, told, next, toRevoke, known);
    }

    /**
     * The skipped firings that a scheduler may have sent without recording them. They are the first of each line, at most as many as
     * one plan emits.
     *
     * @param missedAfter how late the firings of one plan are, if it does not emit all missed ones
     */
    List<Instant> doubtful(Duration missedAfter) {
        return firings.stream()
                .filter(line -> !line.isEmitted())
                .flatMap(line -> doubtful(line, missedAfter))
                .toList();
    }

    private Stream<Instant> doubtful(ScheduleFiring line, Duration missedAfter) {
        var table = schedule.timetable();
        var all = schedule.schedule().catchUp().policy() == CatchUpPolicy.ALL;
        var last = line.fireTime().plus(schedule.schedule().jitter()).plus(missedAfter);
        return Stream.iterate(
                        Optional.of(line.fireTime()), Optional::isPresent, fireTime -> fireTime.flatMap(table::next))
                .flatMap(Optional::stream)
                .limit(Math.min(line.count(), FiringPlanner.MOST_FIRINGS))
                .takeWhile(fireTime -> all || !fireTime.isAfter(last))
                .filter(fireTime -> !fireTime.isAfter(line.fireUntil()));
    }

    /** The same plan, with skipped firings that have a task recorded as emitted. */
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

    /** Whether the plan skips any firing. */
    boolean skips() {
        return firings.stream().anyMatch(firing -> !firing.isEmitted());
    }

    /** The version after the plan. Counting down {@code remaining} changes it, so that no person writes back the old number. */
    long version() {
        return schedule.version() + (remaining() == null || emitted().isEmpty() ? 0 : 1);
    }

    /** How many firings are left after the plan; null for no limit. */
    @Nullable
    Long remaining() {
        var remaining = schedule.schedule().remaining();
        return remaining == null
                ? null
                : Long.valueOf(Math.max(
                        0, Objects.requireNonNull(remaining) - emitted().size()));
    }
}
