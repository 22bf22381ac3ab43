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
 * Decides when a partition asks for a commit, and tells who waits for one. Belongs to the stream thread.
 *
 * <p>Exactly-once results are seen when they are committed. With nothing left to do in any partition of the thread, as they share its
 * transaction, that is at once, and under load at the commit interval, which a poll must not sleep through.
 *
 * <p>A commit is noticed by the store: it is flushed for each.
 */
final class CommitClock {

    /** So many children do not wait for the commit interval: the tasks that emit them have to keep them until then. */
    private static final int ENOUGH_UNCOMMITTED = 1_000;

    private final QueueProperties settings;
    private final UnfinishedTasks store;
    private final @Nullable ConsumerGate gate;
    private final ProcessorContext<?, ?> context;
    private final Window window;
    private final List<AttemptOutcome.Emitted> uncommitted = new ArrayList<>(); // children that are published
    private long uncommittedSince; // flushes before the last of them
    private long publishedAt = -1; // flushes before the last publication under exactly-once
    private long passedAt = -1; // flushes before the last pass

    /** @param gate null where there is none */
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

    /** A pass begins. One that finds the store flushed since an earlier pass comes after the commit. */
    void pass() {
        passedAt = store.flushes();
        if (store.flushes() > uncommittedSince) {
            uncommitted.forEach(AttemptOutcome.Emitted::committed);
            uncommitted.clear();
        }
    }

    /** Something was published that is seen with the next commit. */
    void published(Instant now) {
        if (settings.exactlyOnce()) {
            publishedAt = store.flushes();
            if (gate != null) {
                gate.commitOwedAt(now.plus(settings.commitInterval()));
            }
        }
    }

    /** A child was published; its parent is told with the next commit. */
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

    /** Whether somebody waits for what has been published, and nothing else will be in a moment. */
    boolean wantsCommit() {
        return publishedAt == store.flushes() && (gate == null ? window.isEmpty() : gate.isAtRest());
    }

    /** Whether the store was flushed after the last pass. */
    boolean owesPass() {
        return store.flushes() > passedAt;
    }
}
