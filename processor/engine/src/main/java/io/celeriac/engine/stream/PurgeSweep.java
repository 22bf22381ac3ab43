package io.celeriac.engine.stream;

import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.TaskCursor;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.QueueProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the tasks of a purged queue that wait here. Records that were not read yet are ended by the {@code RevocationGate} as they come.
 *
 * <p>It goes through the store once for each fence, with a cursor, some tasks in each pass. So a million tasks take neither the stream
 * thread from its polls nor memory. A new owner goes through the store only if it has restored a task before the fence. Belongs to the
 * stream thread.
 */
final class PurgeSweep {

    private static final Logger LOG = LoggerFactory.getLogger(PurgeSweep.class);

    /** Some milliseconds' work. */
    private static final int LOOKS_AT_ONCE = 10_000;

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Revocations revocations;
    private final QueueProperties settings;
    private final TopicPartition source;
    private final UnfinishedTasks store;
    private final Queue<String> again =
            new ArrayDeque<>(); // those that run, or are about to: no more than the window has
    private @Nullable TaskCursor cursor;
    private long restoredFence;
    private boolean hasRestored;
    private long lastFence;
    private long ended;
    private Instant nextTry = Instant.MIN;

    PurgeSweep(Revocations revocations, QueueProperties settings, TopicPartition source, UnfinishedTasks store) {
        this.revocations = revocations;
        this.settings = settings;
        this.source = source;
        this.store = store;
    }

    /** Begins to restore: from now on {@link #restored} tells of each task. */
    void beginRestore() {
        restoredFence = fence();
        hasRestored = false;
    }

    /** A task is restored whose record has this offset. */
    void restored(long offset) {
        hasRestored |= offset < restoredFence;
    }

    /** All tasks are restored. */
    void endRestore() {
        if (hasRestored) {
            begin(restoredFence);
        } else {
            lastFence = restoredFence;
        }
    }

    /** The queue was purged, perhaps not for the first time. */
    void begin() {
        var fence = fence();
        if (fence != lastFence) {
            begin(fence);
        }
    }

    private void begin(long fence) {
        lastFence = fence;
        cursor = fence > 0 ? store.before(fence) : null;
        ended = 0;
    }

    private long fence() {
        return revocations.fence(settings.queue(), source.topic(), source.partition());
    }

    /** Whether {@link #pass} has work. */
    boolean isUnderway() {
        return cursor != null;
    }

    /**
     * Ends some tasks.
     *
     * @param end ends a task unless it runs, or is about to; it is tried again then, as it may come back for a retry
     * @param mayGoOn whether this pass may end another one
     */
    void pass(Predicate<String> end, BooleanSupplier mayGoOn, Instant now) {
        if (!again.isEmpty() && !now.isBefore(nextTry)) {
            for (int left = again.size(); left > 0 && mayGoOn.getAsBoolean(); left--) {
                end(again.remove(), end, now);
            }
        }
        for (int i = 0; cursor != null && i < LOOKS_AT_ONCE && mayGoOn.getAsBoolean(); i++) {
            if (cursor.advance()) {
                var id = cursor.id();
                if (id != null) {
                    end(id, end, now);
                }
            } else {
                LOG.info("{} has ended {} tasks before offset {}, as its queue was purged", source, ended, lastFence);
                cursor = null;
            }
        }
    }

    /** A task of the same id that came after the fence is another one. */
    private void end(String id, Predicate<String> end, Instant now) {
        var stored = store.get(id);
        if (stored == null || stored.task().origin().offset() >= lastFence) {
            return;
        }
        if (end.test(id)) {
            ended++;
        } else if (store.get(id) instanceof Waiting) {
            again.add(id);
            nextTry = now.plus(BETWEEN_TRIES);
        }
    }
}
