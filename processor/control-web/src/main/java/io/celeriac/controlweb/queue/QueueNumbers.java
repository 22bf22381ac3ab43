package io.celeriac.controlweb.queue;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.controlweb.fleet.Fleet;
import io.celeriac.controlweb.fleet.Fleet.Seen;
import io.celeriac.controlweb.queue.QueueOffsets.Place;
import io.celeriac.controlweb.queue.QueueOffsets.Queue;
import io.celeriac.controlweb.queue.QueueView.Partition;
import io.celeriac.controlweb.queue.QueueView.Pause;
import io.celeriac.controlweb.queue.QueueView.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the numbers of a queue together: what the broker knows of its records, and what the owners of its partitions know of the tasks
 * that they have read. What the owner of a partition knows is not known while it has no owner.
 */
final class QueueNumbers {

    private static final double MILLIS = 1_000;

    /** What is known of a partition from the heartbeat of its owner. */
    private record Owned(Seen worker, PartitionPart part) {}

    private final Fleet fleet;

    QueueNumbers(Fleet fleet) {
        this.fleet = fleet;
    }

    /** The rates between two samples; null where the queue was created anew, or is not in both. */
    static @Nullable Rates rates(String name, QueueOffsets before, QueueOffsets now) {
        var first = before.queues().get(name);
        var last = now.queues().get(name);
        if (first == null || last == null || !first.topicId().equals(last.topicId())) {
            return null;
        }
        var seconds = Duration.between(before.at(), now.at()).toMillis() / MILLIS;
        return new Rates(
                perSecond(sum(last, Place::end) - sum(first, Place::end), seconds),
                perSecond(sum(last, Place::next) - sum(first, Place::next), seconds),
                seconds);
    }

    private static long sum(Queue queue, ToLongFunction<Place> number) {
        return queue.partitions().values().stream().mapToLong(number).sum();
    }

    private static double perSecond(long count, double seconds) {
        return Math.round(Math.max(0, count) / seconds * 10) / 10.0;
    }

    /**
     * @param rates of the queue; null when they are not known
     * @param asOf when the broker was asked
     * @param isFresh whether the broker answers at the moment
     */
    QueueView of(String name, Queue queue, @Nullable Rates rates, Instant asOf, boolean isFresh, Instant now) {
        var owned = owned(name);
        var partitions = new ArrayList<Partition>();
        queue.partitions()
                .forEach((number, place) ->
                        partitions.add(partition(number, place, queue.hasStore(), owned.get(number))));
        var unknown = unknown(partitions, isFresh, asOf);
        var running = sum(partitions, Partition::running);
        var waiting = waiting(partitions);
        var unread = queue.unread();
        var total = waiting == null
                ? null
                : unread + waiting.values().stream().mapToLong(Long::longValue).sum();
        var oldest = partitions.stream()
                .map(Partition::oldestReadyAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        var pause = fleet.setting(Kind.QUEUE, name).map(Pause::of).orElse(null);
        return new QueueView(
                name,
                pause,
                total,
                unread,
                running,
                waiting,
                oldest,
                oldest == null
                        ? null
                        : Math.max(0, Duration.between(oldest, now).toMillis()) / MILLIS,
                rates,
                owned.values().stream()
                        .map(one -> one.worker.heartbeat().id())
                        .distinct()
                        .sorted()
                        .toList(),
                unknown,
                warnings(name, pause, total),
                asOf,
                partitions);
    }

    /** The parts of the workers that are up, by partition. During a move two workers may name the same: the later heartbeat counts. */
    private Map<Integer, Owned> owned(String queue) {
        var owned = new HashMap<Integer, Owned>();
        for (var seen : fleet.live()) {
            seen.heartbeat().queues().stream()
                    .filter(part -> part.queue().equals(queue))
                    .flatMap(part -> part.partitions().stream())
                    .forEach(part -> owned.merge(
                            part.partition(),
                            new Owned(seen, part),
                            (one, other) -> one.worker.seenAt().isAfter(other.worker.seenAt()) ? one : other));
        }
        return owned;
    }

    private static Partition partition(int number, Place place, boolean hasStore, @Nullable Owned owned) {
        var part = owned == null ? null : owned.part;
        var isUntouched = owned == null
                && !hasStore
                && place.committed() == null; // nobody ever took anything, so nothing waits anywhere
        var running = part == null ? null : part.running();
        return new Partition(
                number,
                owned == null ? null : owned.worker.heartbeat().id(),
                place.end(),
                place.committed(),
                place.unread(),
                isUntouched ? Long.valueOf(0) : running == null ? null : Long.valueOf(running),
                isUntouched ? Map.of() : part == null ? null : words(part),
                Stream.of(place.oldestUnreadAt(), part == null ? null : part.oldestReadyAt())
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                part == null ? null : part.window());
    }

    private static @Nullable Map<String, Long> words(PartitionPart part) {
        if (part.waiting() == null) {
            return null;
        }
        var words = new TreeMap<String, Long>();
        part.waiting().forEach((reason, count) -> words.put(reason.name().toLowerCase(Locale.ROOT), count));
        return words;
    }

    private static @Nullable Long sum(List<Partition> partitions, Function<Partition, @Nullable Long> number) {
        var sum = 0L;
        for (var partition : partitions) {
            var one = number.apply(partition);
            if (one == null) {
                return null;
            }
            sum += one;
        }
        return sum;
    }

    private static @Nullable Map<String, Long> waiting(List<Partition> partitions) {
        var all = new TreeMap<String, Long>();
        for (var partition : partitions) {
            if (partition.waiting() == null) {
                return null;
            }
            partition.waiting().forEach((reason, count) -> all.merge(reason, count, Long::sum));
        }
        return all;
    }

    private static List<String> unknown(List<Partition> partitions, boolean isFresh, Instant asOf) {
        var unknown = new ArrayList<String>();
        if (!isFresh) {
            unknown.add("the broker does not answer; its numbers are of " + asOf);
        }
        var ownerless = numbers(partitions, partition -> partition.waiting() == null && partition.owner() == null);
        if (!ownerless.isEmpty()) {
            unknown.add("no live worker owns partition " + ownerless + ", so nobody knows what waits there");
        }
        var silent = numbers(partitions, partition -> partition.waiting() == null && partition.owner() != null);
        if (!silent.isEmpty()) {
            unknown.add("the owner of partition " + silent + " was too busy to count, or is taking it over");
        }
        return unknown;
    }

    private static String numbers(List<Partition> partitions, Predicate<Partition> which) {
        return partitions.stream()
                .filter(which)
                .map(partition -> String.valueOf(partition.partition()))
                .collect(Collectors.joining(", "));
    }

    private List<String> warnings(String queue, @Nullable Pause pause, @Nullable Long depth) {
        var warnings = new ArrayList<String>();
        if (pause != null) {
            warnings.add("the queue is paused since " + pause.at() + " by " + pause.by()
                    + (pause.note() == null ? "" : ": " + pause.note()));
        }
        var takers = takers(queue);
        if (takers.isEmpty() && (depth == null || depth > 0)) {
            warnings.add("no live worker takes the queue");
        }
        return warnings;
    }

    /** The workers that are up and take a queue, with or without partitions. */
    List<Heartbeat> takers(String queue) {
        return fleet.live().stream()
                .map(Seen::heartbeat)
                .filter(heartbeat -> heartbeat.queues().stream()
                        .anyMatch(part -> part.queue().equals(queue)))
                .toList();
    }

    /** How many waiting tasks of a queue are due within a minute, as far as that is known. */
    long dueSoon(String queue) {
        ToLongFunction<PartitionPart> soon = part -> part.dueSoon() == null ? 0 : part.dueSoon();
        return owned(queue).values().stream().map(Owned::part).mapToLong(soon).sum();
    }
}
