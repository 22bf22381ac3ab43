package io.celeriac.access.audit;

import io.celeriac.web.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;

/**
 * Writes the audit. One thread takes all entries that wait, and appends them in one transaction, so the lock of the chain is
 * taken once for many requests. While the database is away, entries wait.
 */
public final class AuditLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 500;
    private static final int DELETED_AT_ONCE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_DELETIONS = Duration.ofMinutes(10);

    private final AuditStore store;
    private final InstantSource clock;
    private final Duration retention;
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final List<Waiting> taken = new ArrayList<>(); // by the loop's thread only
    private final Loop loop;
    private Instant deletedAt = Instant.MIN;

    private record Waiting(AuditEntry entry, CountDownLatch written) {}

    /**
     * @param retention how long rows are kept
     */
    AuditLog(AuditStore store, InstantSource clock, Duration retention) {
        this.store = store;
        this.clock = clock;
        this.retention = retention;
        loop = new Loop("audit", this::turn, this::last);
    }

    Loop loop() {
        return loop;
    }

    /** Appends an entry, and waits for up to two seconds until it is stored. */
    void append(AuditEntry entry) {
        var mine = new Waiting(entry, new CountDownLatch(1));
        if (!waiting.offer(mine)) {
            LOG.error("the audit is full, and the database does not take it; not stored: {}", entry);
            return;
        }
        try {
            if (!mine.written().await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("not yet in the audit, as the database is away or slow: {}", entry);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() throws InterruptedException {
        if (taken.isEmpty()) {
            var next = waiting.poll(1, TimeUnit.SECONDS);
            if (next == null) {
                deleteOld();
                return;
            }
            taken.add(next);
            waiting.drainTo(taken, MOST_AT_ONCE - 1);
        }
        write();
    }

    /** Keeps what was taken until it is stored: the turn is repeated after an error. */
    private void write() {
        try {
            store.append(taken.stream().map(Waiting::entry).toList());
        } catch (NonTransientDataAccessException e) {
            if (e instanceof NonTransientDataAccessResourceException) {
                throw e; // the database is away
            }
            writeEach();
            return;
        }
        taken.forEach(one -> one.written().countDown());
        taken.clear();
    }

    /** Appends one by one, so that an entry that the database refuses holds up no other. A row in its place says so. */
    private void writeEach() {
        while (!taken.isEmpty()) {
            var first = taken.get(0);
            try {
                store.append(List.of(first.entry()));
            } catch (NonTransientDataAccessException e) {
                if (e instanceof NonTransientDataAccessResourceException) {
                    throw e;
                }
                store.append(List.of(first.entry().notStored()));
                LOG.error("the database refuses an entry of the audit: {}", first.entry(), e);
            }
            first.written().countDown();
            taken.remove(0);
        }
    }

    private void deleteOld() {
        var now = clock.instant();
        if (now.isBefore(deletedAt)) {
            return;
        }
        if (store.deleteBefore(now.minus(retention), DELETED_AT_ONCE) < DELETED_AT_ONCE) {
            deletedAt = now.plus(BETWEEN_DELETIONS);
        }
    }

    private void last() {
        waiting.drainTo(taken);
        if (!taken.isEmpty()) {
            try {
                write();
            } catch (RuntimeException e) {
                taken.forEach(one -> LOG.error("not stored in the audit: {}", one.entry(), e));
            }
        }
    }

    void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.end();
        loop.join(LAST_PATIENCE);
    }
}
