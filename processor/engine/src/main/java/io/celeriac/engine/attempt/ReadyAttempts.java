package io.celeriac.engine.attempt;

import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Attempts in the order in which they begin. Mostly they come in that order, as they all have the same priority; those need no heap. Not
 * safe for use by several threads.
 */
final class ReadyAttempts extends AbstractQueue<Attempt> {

    private final Deque<Attempt> inOrder = new ArrayDeque<>();
    private final Queue<Attempt> others = new PriorityQueue<>(Attempt.BY_PRIORITY);

    @Override
    public boolean offer(Attempt attempt) {
        var last = inOrder.peekLast();
        var isLast = last == null || Attempt.BY_PRIORITY.compare(last, attempt) <= 0;
        return (isLast ? inOrder : others).add(attempt);
    }

    @Override
    public @Nullable Attempt poll() {
        return first().poll();
    }

    @Override
    public @Nullable Attempt peek() {
        return first().peek();
    }

    private Queue<Attempt> first() {
        var other = others.peek();
        var next = inOrder.peek();
        return other == null || (next != null && Attempt.BY_PRIORITY.compare(next, other) <= 0) ? inOrder : others;
    }

    @Override
    public boolean removeIf(Predicate<? super Attempt> filter) {
        var removed = inOrder.removeIf(filter);
        return others.removeIf(filter) || removed;
    }

    @Override
    public void clear() {
        inOrder.clear();
        others.clear();
    }

    @Override
    public int size() {
        return inOrder.size() + others.size();
    }

    /** In no order. */
    @Override
    public Stream<Attempt> stream() {
        return Stream.concat(inOrder.stream(), others.stream());
    }

    /** In no order, and without removal. */
    @Override
    public Iterator<Attempt> iterator() {
        return stream().iterator();
    }
}
