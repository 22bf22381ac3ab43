package io.celeriac.engine.readiness;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tasks of handlers with limits from filling the window: a few of each handler are dispatched and wait there for their
 * limit, the others wait here, by priority and then in the order they came, and the tasks of other handlers go past them. Only
 * ids; the tasks are in the store. Belongs to the stream thread.
 */
public final class HandlerLimitQueue {

    private record Held(String id, int priority, long place, Instant since) {

        private static final Comparator<Held> ORDER =
                Comparator.comparingInt(Held::priority).reversed().thenComparingLong(Held::place);
    }

    private static final class Line {
        private final Set<String> dispatched = new HashSet<>();
        private final Queue<Held> waiting = new PriorityQueue<>(Held.ORDER);

        private @Nullable Held find(String id) {
            for (var held : waiting) {
                if (held.id.equals(id)) {
                    return held;
                }
            }
            return null;
        }
    }

    private final Map<String, Line> lines = new HashMap<>(); // by handler
    private int size;
    private long places;

    /**
     * Asks whether a task may be dispatched; else {@link #leave} of one before it will name it.
     *
     * @param priority 9 goes first
     * @param most how many of the handler may be dispatched
     */
    public boolean enter(String handler, String id, int priority, int most, Instant now) {
        var line = lines.computeIfAbsent(handler, name -> new Line());
        if (line.dispatched.size() < most) {
            line.dispatched.add(id);
            return true;
        }
        line.waiting.add(new Held(id, priority, places++, now));
        size++;
        return false;
    }

    /**
     * A task is no longer dispatched.
     *
     * @param exists whether a task that waits is still there
     * @return the next that may be; null for none
     */
    @Nullable
    public String leave(String handler, String id, Predicate<String> exists) {
        var line = lines.get(handler);
        if (line == null || !line.dispatched.remove(id)) {
            return null;
        }
        for (var next = line.waiting.poll(); next != null; next = line.waiting.poll()) {
            size--;
            if (exists.test(next.id)) {
                return next.id;
            }
        }
        if (line.dispatched.isEmpty()) {
            lines.remove(handler);
        }
        return null;
    }

    /** Takes a task out that waits; returns whether it did. */
    public boolean withdraw(String handler, String id) {
        var line = lines.get(handler);
        var held = line == null ? null : line.find(id);
        if (line == null || held == null) {
            return false;
        }
        line.waiting.remove(held);
        size--;
        return true;
    }

    /** Since when a task waits here; null where it does not. */
    @Nullable
    Instant since(String handler, String id) {
        var line = lines.get(handler);
        var held = line == null ? null : line.find(id);
        return held == null ? null : held.since;
    }

    public int size() {
        return size;
    }
}
