package io.celeriac.engine.stream;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait for their time, by due time and then in the order of their records. Only ids: the tasks themselves
 * are in the store, so that a million of them is nothing special. An id that has meanwhile been taken out of the store is
 * passed over by the one who takes it. Belongs to the stream thread.
 */
final class Parking {

    private record Parked(long due, long offset, String id) {}

    private final PriorityQueue<Parked> byDue =
            new PriorityQueue<>(Comparator.comparingLong(Parked::due).thenComparingLong(Parked::offset));

    void add(String id, long due, long offset) {
        byDue.add(new Parked(due, offset, id));
    }

    /** Takes the first that is due by then; null for none. */
    @Nullable
    String take(long by) {
        var first = byDue.peek();
        if (first == null || first.due > by) {
            return null;
        }
        byDue.remove();
        return first.id;
    }

    /** When the first is due; null when nothing waits. */
    @Nullable
    Instant nextDue() {
        var first = byDue.peek();
        return first == null ? null : Instant.ofEpochMilli(first.due);
    }

    int size() {
        return byDue.size();
    }
}
