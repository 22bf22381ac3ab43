package io.celeriac.engine.store;

import io.celeriac.engine.store.LogKey.Kind;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the unfinished tasks whose records lie before an offset. It may stand still while the store changes: a task that is
 * added later is left out. Belongs to the stream thread.
 */
public final class TaskCursor {

    private final UnfinishedTasks store;
    private final Queue<String> fresh; // were not logged when it began
    private final KeyValueIterator<Bytes, byte[]> logged;
    private final long offset;
    private @Nullable String id;
    private boolean isClosed;

    TaskCursor(UnfinishedTasks store, Collection<String> fresh, KeyValueIterator<Bytes, byte[]> logged, long offset) {
        this.store = store;
        this.fresh = new ArrayDeque<>(fresh);
        this.logged = logged;
        this.offset = offset;
    }

    /** Goes one step on; false at the end. */
    public boolean advance() {
        id = null;
        if (isClosed) {
            return false;
        }
        if (!fresh.isEmpty()) {
            id = present(fresh.remove());
            return true;
        }
        if (!logged.hasNext()) {
            close();
            return false;
        }
        var entry = logged.next();
        var key = LogKey.parse(entry.key.get());
        if (key.kind() == Kind.TASK && entry.value != null && store.offset(key.id(), entry.value) < offset) {
            id = present(key.id());
        }
        return true;
    }

    private @Nullable String present(String candidate) {
        return store.contains(candidate) ? candidate : null;
    }

    /** The id of the task that it has come to; null where there is none before the offset. */
    public @Nullable String id() {
        return id;
    }

    /** Ends it, also in the middle: the store is closed, or forgets everything. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            logged.close();
        }
    }
}
