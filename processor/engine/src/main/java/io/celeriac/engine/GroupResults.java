package io.celeriac.engine;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The results of the members of a group, in the order of the members. A handler of a chord's body, or of any task behind a group, can have
 * a parameter of this type in place of a {@link List}. Results that came in the task's record are in memory. A list that is too large for
 * the record is read from its topic while it is asked for, and need not fit into memory.
 *
 * <p>It can be read as often as you like, each time from its beginning, until the attempt ends. Reading may wait for the broker. For use by
 * one thread at a time.
 *
 * @param <T> of a result; for a group that keeps going, an object with {@code state}, {@code result} and {@code error}
 */
public final class GroupResults<T> implements Iterable<T> {

    private final int size;
    private final Supplier<Iterator<T>> reader;

    /**
     * @param size how many there are
     * @param reader begins to read
     */
    public GroupResults(int size, Supplier<Iterator<T>> reader) {
        this.size = size;
        this.reader = reader;
    }

    /** Results that are there: for tests of handlers. */
    public static <T> GroupResults<T> of(List<T> results) {
        return new GroupResults<>(results.size(), results::iterator);
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /**
     * Begins to read.
     *
     * @return whose methods throw {@link io.celeriac.engine.handler.InvalidArgumentsException} when a result has another type, and {@link
     *     IllegalStateException} when the results cannot be read, or are no longer kept
     */
    @Override
    public Iterator<T> iterator() {
        return reader.get();
    }

    /** The same as a stream. */
    public Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** All of them in memory. */
    public List<T> toList() {
        return stream().toList();
    }
}
