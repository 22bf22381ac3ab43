package io.celeriac.engine.readiness;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait for their time, by due time and then in the order of their records. Only ids: the tasks themselves
 * are in the store, so that a million of them is nothing special. Belongs to the stream thread.
 *
 * <p>A task that is taken out before its time is not counted from then on. Its entry stays until it comes to the front, or until
 * such entries are more than the others: each costs no more than a look.
 */
public final class DueOrder {

    private record Place(long offset, String id) {}

    private record Parked(long due, long offset, String id, boolean isRetry) {

        Place place() {
            return new Place(offset, id);
        }
    }

    private static final int FEW = 1_000;

    private final PriorityQueue<Parked> byDue =
            new PriorityQueue<>(Comparator.comparingLong(Parked::due).thenComparingLong(Parked::offset));
    private final Set<Place> withdrawn = new HashSet<>();

    /** @param isRetry whether an attempt of it has failed */
    public void add(String id, long due, long offset, boolean isRetry) {
        byDue.add(new Parked(due, offset, id, isRetry));
    }

    /** Counts what is here. Looks at each entry. */
    public void count(long now, long soon, Tally tally) {
        for (var parked : byDue) {
            if (withdrawn.isEmpty() || !withdrawn.contains(parked.place())) {
                tally.count(parked.due <= now, parked.due <= soon, parked.isRetry);
            }
        }
    }

    /** Counts the tasks that wait for their time. */
    public static final class Tally {
        private long due;
        private long retries;
        private long others;
        private long soon;

        private void count(boolean isDue, boolean isSoon, boolean isRetry) {
            if (isDue) {
                due++;
                return;
            }
            soon += isSoon ? 1 : 0;
            retries += isRetry ? 1 : 0;
            others += isRetry ? 0 : 1;
        }

        /** Those that are due and wait for room. */
        public long due() {
            return due;
        }

        /** Those that are not due and have a failed attempt. */
        public long retries() {
            return retries;
        }

        /** Those that are not due and have no failed attempt. */
        public long others() {
            return others;
        }

        /** Those that are not due but will be soon. */
        public long soon() {
            return soon;
        }
    }

    /** A task that is here waits no longer. */
    public void withdraw(String id, long offset) {
        withdrawn.add(new Place(offset, id));
        if (withdrawn.size() > FEW && withdrawn.size() > byDue.size() / 2) {
            byDue.removeIf(parked -> withdrawn.contains(parked.place()));
            withdrawn.clear();
        }
    }

    /** Takes the first that is due by then; null for none. */
    @Nullable
    public String take(long by) {
        var first = first();
        if (first == null || first.due > by) {
            return null;
        }
        byDue.remove();
        return first.id;
    }

    /** When the first is due; null when nothing waits. */
    @Nullable
    public Instant nextDue() {
        var first = first();
        return first == null ? null : Instant.ofEpochMilli(first.due);
    }

    private @Nullable Parked first() {
        var first = byDue.peek();
        while (first != null && !withdrawn.isEmpty() && withdrawn.remove(first.place())) {
            byDue.remove();
            first = byDue.peek();
        }
        return first;
    }

    public int size() {
        return byDue.size() - withdrawn.size();
    }
}
