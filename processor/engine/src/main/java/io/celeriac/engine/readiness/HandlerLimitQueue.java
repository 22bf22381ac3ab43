package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tasks of handlers with limits from filling the window: a few of each handler are dispatched and wait there for their
 * limit, the others wait here, by priority and then in the order they came, and the tasks of other handlers go past them. Only
 * ids; the tasks are in the store. Belongs to the stream thread.
 */
public final class HandlerLimitQueue implements Gate {

    /** The most of a handler that are dispatched before they may begin: enough to begin the next at once. */
    private static final int ENOUGH_DISPATCHED = 64;

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
    private final int window;
    private final Function<Handler, HandlerLimits> limits;
    private int size;
    private long places;

    /**
     * @param window the most tasks of the partition that are handed over
     * @param limits of a handler, as they are now
     */
    public HandlerLimitQueue(int window, Function<Handler, HandlerLimits> limits) {
        this.window = window;
        this.limits = limits;
    }

    @Override
    public Stage stage() {
        return Stage.HANDLER_LIMIT;
    }

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        var handler = candidate.handler();
        if (handler == null) {
            return Verdict.PASS;
        }
        var inForce = limits.apply(handler);
        if (inForce.areNone() && !lines.containsKey(handler.name())) {
            return Verdict.PASS;
        }
        var priority = candidate.task().task().priorityOrDefault();
        return enter(handler.name(), candidate.id(), priority, mostDispatched(inForce), now)
                ? Verdict.PASS
                : Verdict.WAIT;
    }

    private int mostDispatched(HandlerLimits inForce) {
        var concurrency = inForce.concurrency();
        var enough = Math.max(ENOUGH_DISPATCHED, concurrency == null ? 0 : 2 * concurrency);
        return Math.min(enough, Math.max(1, window / 2));
    }

    @Override
    public boolean withdraw(Candidate candidate) {
        return withdraw(nameOf(candidate), candidate.id());
    }

    @Override
    public @Nullable Wait explain(Candidate candidate, Instant now) {
        var since = since(nameOf(candidate), candidate.id());
        if (since == null) {
            return null;
        }
        var isDue = candidate.due() <= now.toEpochMilli();
        return isDue ? new Wait(Stage.HANDLER_LIMIT, since, null) : DueGate.untilDue(candidate);
    }

    /** Limits go by the handler's name, which a task of an alias has not. */
    private static String nameOf(Candidate candidate) {
        var handler = candidate.handler();
        return handler == null ? candidate.name() : handler.name();
    }

    /**
     * A task is no longer dispatched.
     *
     * @param exists whether a task that waits is still there
     * @return the ids of the next that may be: one, or several when the limits were raised
     */
    public List<String> leave(Candidate candidate, Predicate<String> exists) {
        var handler = candidate.handler();
        var most = handler == null ? 1 : mostDispatched(limits.apply(handler));
        return leave(nameOf(candidate), candidate.id(), most, exists);
    }

    /**
     * Asks whether a task may be dispatched. It may if {@link #leave} has named it; otherwise {@link #leave} of an earlier one names it.
     *
     * @param priority 9 goes first
     * @param most how many of the handler may be dispatched
     */
    private boolean enter(String handler, String id, int priority, int most, Instant now) {
        var line = lines.computeIfAbsent(handler, name -> new Line());
        if (line.dispatched.contains(id)) {
            return true;
        }
        if (line.dispatched.size() < most) {
            line.dispatched.add(id);
            return true;
        }
        line.waiting.add(new Held(id, priority, places++, now));
        size++;
        return false;
    }

    private List<String> leave(String handler, String id, int most, Predicate<String> exists) {
        var line = lines.get(handler);
        if (line == null || !line.dispatched.remove(id)) {
            return List.of();
        }
        var freed = new ArrayList<String>();
        while (line.dispatched.size() < most) {
            var next = line.waiting.poll();
            if (next == null) {
                break;
            }
            size--;
            if (exists.test(next.id)) {
                line.dispatched.add(
                        next.id); // it has the place, and gives it on also if a gate ends it before it comes here
                freed.add(next.id);
            }
        }
        if (line.dispatched.isEmpty()) {
            lines.remove(handler);
        }
        return freed;
    }

    /** Since when the oldest waits here; null for none. */
    public @Nullable Instant oldest() {
        return lines.values().stream()
                .flatMap(line -> line.waiting.stream())
                .map(Held::since)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Takes a task out that waits; returns whether it did. */
    private boolean withdraw(String handler, String id) {
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
    private @Nullable Instant since(String handler, String id) {
        var line = lines.get(handler);
        var held = line == null ? null : line.find(id);
        return held == null ? null : held.since;
    }

    public int size() {
        return size;
    }
}
