package io.celeriac.results.materializer;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The ids of tasks whose results this program has written lately, so that it need not ask the database whether they have a row. Two
 * generations: when the younger is full, the older is forgotten. Safe for use by several threads.
 */
final class WrittenIds {

    /** Some 10 MB in both generations, with ids of 36 characters; at 1,000 tasks a second the results of a minute. */
    static final int MOST_OF_GENERATION = 50_000;

    private final int most;
    private Set<String> younger = new HashSet<>(); // guarded by this, as is older
    private Set<String> older = Set.of();

    WrittenIds() {
        this(MOST_OF_GENERATION);
    }

    /** @param most ids of a generation */
    WrittenIds(int most) {
        this.most = most;
    }

    synchronized void add(Collection<String> ids) {
        for (var id : ids) {
            if (younger.size() >= most) {
                older = younger;
                younger = new HashSet<>();
            }
            younger.add(id);
        }
    }

    synchronized boolean contains(String id) {
        return younger.contains(id) || older.contains(id);
    }

    synchronized void clear() {
        younger = new HashSet<>();
        older = Set.of();
    }
}
