package io.celeriac.controlweb.page;

import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.control.Heartbeat.RunningAttempt;
import io.celeriac.controlweb.worker.WorkerView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The workers of the installation, for people.
 *
 * @param workers those with something to tell first
 */
public record Crew(List<Member> workers) {

    private static final List<WorkerView.State> ORDER = List.of(
            WorkerView.State.LOST,
            WorkerView.State.UNKNOWN,
            WorkerView.State.DRAINING,
            WorkerView.State.DRAINED,
            WorkerView.State.RUNNING,
            WorkerView.State.STOPPED);

    static Crew of(List<WorkerView> workers) {
        return new Crew(workers.stream()
                .map(Member::new)
                .sorted(Comparator.<Member, Integer>comparing(
                                one -> ORDER.indexOf(one.worker().state()))
                        .thenComparing(one -> !one.isFull())
                        .thenComparing(one -> one.worker().id()))
                .toList());
    }

    /** How many are in a state. */
    public long count(String state) {
        return workers.stream()
                .filter(one -> one.worker().state().word().equals(state))
                .count();
    }

    /** How many run each version, among those that are up; empty when only one does. */
    public Map<String, Long> versions() {
        var versions = workers.stream()
                .filter(Member::isUp)
                .map(one -> one.worker().version())
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return versions.size() > 1 ? versions : Map.of();
    }

    /** The worker that was lost last; null for none. */
    public @Nullable Member lost() {
        return workers.stream()
                .filter(one -> one.worker().state() == WorkerView.State.LOST)
                .max(Comparator.comparing(one -> one.worker().seenAt()))
                .orElse(null);
    }

    /** The queues that only lost workers take. */
    public List<String> deserted() {
        var taken = queues(WorkerView.State.RUNNING);
        return queues(WorkerView.State.LOST).stream()
                .filter(queue -> !taken.contains(queue))
                .toList();
    }

    /** The queues of a worker that no other worker takes at the moment. */
    public List<String> onlyOn(WorkerView worker) {
        var others = new Crew(workers.stream()
                        .filter(one -> !one.worker().id().equals(worker.id()))
                        .toList())
                .queues(WorkerView.State.RUNNING);
        return worker.queues().stream()
                .map(QueuePart::queue)
                .filter(queue -> !others.contains(queue))
                .toList();
    }

    private List<String> queues(WorkerView.State state) {
        return workers.stream()
                .filter(one -> one.worker().state() == state)
                .flatMap(one -> one.worker().queues().stream())
                .map(QueuePart::queue)
                .distinct()
                .sorted()
                .toList();
    }

    /** A worker among the others. */
    public record Member(WorkerView worker) {

        /** Whether it is there, whatever it does. */
        public boolean isUp() {
            return worker.state() != WorkerView.State.LOST && worker.state() != WorkerView.State.STOPPED;
        }

        /** Whether it runs as much as it may. */
        public boolean isFull() {
            var most = worker.concurrency().now();
            return isUp() && most != null && worker.running() >= most;
        }

        /** How much of its slots is in use, of 100. */
        public double used() {
            var most = worker.concurrency().now();
            return most == null || most == 0 ? 0 : Math.min(100, Math.round(100.0 * worker.running() / most));
        }

        /** The partitions of a queue that it owns, as ranges; empty for none. */
        public String partitions(QueuePart part) {
            return NumberRanges.of(
                    part.partitions().stream().map(PartitionPart::partition).toList());
        }

        /** How many tasks of a queue it has read that wait; null when it does not say. */
        public @Nullable Long waiting(QueuePart part) {
            var sum = 0L;
            for (var partition : part.partitions()) {
                if (partition.waiting() == null) {
                    return null;
                }
                sum += partition.waiting().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
            }
            return sum;
        }

        /** How many attempts of a queue it runs; null when it does not say. */
        public @Nullable Long running(QueuePart part) {
            var sum = 0L;
            for (var partition : part.partitions()) {
                if (partition.running() == null) {
                    return null;
                }
                sum += partition.running();
            }
            return sum;
        }

        /** The attempts that it runs, the oldest first. */
        public List<RunningAttempt> attempts() {
            return worker.attempts() == null ? List.of() : worker.attempts();
        }

        /** When the attempt began that has been running the longest; null for none. */
        public @Nullable Instant longestSince() {
            return attempts().isEmpty() ? null : attempts().get(0).startedAt();
        }
    }
}
