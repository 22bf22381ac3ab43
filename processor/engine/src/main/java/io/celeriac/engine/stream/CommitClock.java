package io.celeriac.engine.stream;

import io.celeriac.engine.consumer.ConsumerGate;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.readiness.Window;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.QueueProperties;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a partition asks for a commit, and tells parents when their children are committed. Belongs to the stream thread.
 *
 * <p>Exactly-once results are visible once they are committed. When no partition of the thread has work left, the commit comes at once:
 * the partitions share the thread's transaction. Under load it comes at the commit interval, which a poll must not sleep through.
 *
 * <p>The store shows that a commit came: it is flushed at each commit.
 */
final class CommitClock {

    /** This many children do not wait for the commit interval: the tasks that emit them have to keep them until the commit. */
    private static final int ENOUGH_UNCOMMITTED = 1_000;

    private final QueueProperties settings;
    private final UnfinishedTasks store;
    private final @Nullable ConsumerGate gate;
    private final ProcessorContext<?, ?> context;
    private final Window window;
    private final List<AttemptOutcome.Emitted> uncommitted = new ArrayList<>(); // children that are published
    private long uncommittedSince; // flushes before the last child was published
    private long publishedAt = -1; // flushes before the last publication under exactly-once
    private long passedAt = -1; // flushes before the last pass

    /** @param gate null when there is none */
    CommitClock(
            QueueProperties settings,
            UnfinishedTasks store,
            @Nullable ConsumerGate gate,
            ProcessorContext<?, ?> context,
            Window window) {
        this.settings = settings;
        this.store = store;
        this.gate = gate;
        this.context = context;
        this.window = window;
    }

    /** Begins a pass. When the store has been flushed since an earlier pass, the commit is done. */
    void pass() {
        passedAt = store.flushes();
        if (store.flushes() > uncommittedSince) {
            uncommitted.forEach(AttemptOutcome.Emitted::committed);
            uncommitted.clear();
        }
    }

    /** Notes that something was published, which is visible after the next commit. */
    void published(Instant now) {
        if (settings.exactlyOnce()) {
            publishedAt = store.flushes();
            if (gate != null) {
                gate.commitOwedAt(now.plus(settings.commitInterval()));
            }
        }
    }

    /** Notes that a child was published; its parent is told at the next commit. */
    void emitted(AttemptOutcome.Emitted child) {
        uncommitted.add(child);
        uncommittedSince = store.flushes();
        if (uncommitted.size() == ENOUGH_UNCOMMITTED) {
            context.commit();
        }
    }

    void commitIfIdle() {
        if (wantsCommit() && (gate == null || gate.lastPollWasEmpty())) {
            context.commit();
        }
    }

    /** Whether published records wait for a commit, and nothing else is about to be published. */
    boolean wantsCommit() {
        return publishedAt == store.flushes() && (gate == null ? window.isEmpty() : gate.isAtRest());
    }

    /** Whether the store was flushed after the last pass. */
    boolean owesPass() {
        return store.flushes() > passedAt;
    }
}
