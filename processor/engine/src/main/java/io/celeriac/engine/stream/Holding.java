package io.celeriac.engine.stream;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tasks of handlers with limits from filling the window: a few of each handler are dispatched and wait there for their
 * limit, the others wait here, in order, and the tasks of other handlers go past them. Only ids; the tasks are in the
 * store. Belongs to the stream thread.
 */
final class Holding {

    private static final class Line {
        private final Set<String> dispatched = new HashSet<>();
        private final Queue<String> waiting = new ArrayDeque<>();
    }

    private final Map<String, Line> lines = new HashMap<>(); // by handler
    private int size;

    /**
     * Asks whether a task may be dispatched; else {@link #leave} of one before it will name it.
     *
     * @param most how many of the handler may be dispatched
     */
    boolean enter(String handler, String id, int most) {
        var line = lines.computeIfAbsent(handler, name -> new Line());
        if (line.dispatched.size() < most) {
            line.dispatched.add(id);
            return true;
        }
        line.waiting.add(id);
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
    String leave(String handler, String id, Predicate<String> exists) {
        var line = lines.get(handler);
        if (line == null || !line.dispatched.remove(id)) {
            return null;
        }
        for (var next = line.waiting.poll(); next != null; next = line.waiting.poll()) {
            size--;
            if (exists.test(next)) {
                return next;
            }
        }
        if (line.dispatched.isEmpty()) {
            lines.remove(handler);
        }
        return null;
    }

    /** Takes a task out that waits; returns whether it did. */
    boolean withdraw(String handler, String id) {
        var line = lines.get(handler);
        if (line == null || !line.waiting.remove(id)) {
            return false;
        }
        size--;
        return true;
    }

    boolean holds(String handler, String id) {
        var line = lines.get(handler);
        return line != null && line.waiting.contains(id);
    }

    int size() {
        return size;
    }
}
