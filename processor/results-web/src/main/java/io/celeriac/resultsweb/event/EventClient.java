package io.celeriac.resultsweb.event;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event stream of one client.
 *
 * <pre>
 * CATCHING_UP ──▶ LIVE ──▶ ENDING ──▶ ENDED
 *      │                     ▲          ▲
 *      └─────────────────────┘          │
 *      any ─────────────────────────────┘   gone, or the program stops
 *
 * CATCHING_UP   a catch-up feeds it, and waits when its queue is full
 * LIVE          it reads the records in memory at its own pace, and pauses when its queue is full; it is dropped as too
 *               slow when its next record is forgotten
 * ENDING        a notice with the reason is the last event in its queue; the client has five seconds to take it
 * ENDED         nothing is written any more
 * </pre>
 *
 * <p>Several threads may call it: a sender, the catch-up, and the container's when the socket is ready or gone. Only
 * {@link #feed} waits for the network.
 */
final class EventClient {

    static final int MOST_WAITING_EVENTS = 1_000;
    static final int MOST_WAITING_BYTES = 64 << 10;
    static final Duration HEARTBEAT = Duration.ofSeconds(15);
    static final Duration LAST_WORD = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(EventClient.class);
    private static final int BATCH_BYTES = 16 << 10;
    private static final int RECORDS_A_TURN = 10_000;
    private static final int BYTES_A_TURN = 1 << 20;

    private enum Stage {
        CATCHING_UP,
        LIVE,
        ENDING,
        ENDED
    }

    private final EventFilter filter;
    private final StateChangeReader reader;
    private final EventMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Deque<Frame> waiting = new ArrayDeque<>();

    private Stage stage = Stage.CATCHING_UP;
    private @Nullable EventOutput output;
    private boolean ready; // false from when the output says so until the container calls back
    private boolean unflushed;
    private int waitingBytes;
    private Position position; // all records before it are in the queue, sent, or filtered out
    private Position told; // the last position whose id was put into the queue
    private @Nullable KeptRecord cursor; // the last record that was looked at; null until live
    private boolean inStep; // true when the position equals the cursor's; false while it is ahead in some partitions
    private long lastBeat = System.nanoTime();
    private long deadline;
    private @Nullable Long lasts; // by System.nanoTime(); null for as long as both sides want

    /**
     * @param position where the stream begins
     */
    EventClient(EventFilter filter, Position position, StateChangeReader reader, EventMetrics metrics) {
        this.filter = filter;
        this.position = position;
        this.reader = reader;
        this.metrics = metrics;
        told = position;
        enqueue(Frame.RETRY);
        enqueue(Frame.position(position));
    }

    /** Ends the stream after this time, with a notice. */
    void endAfter(Duration time) {
        lock.lock();
        try {
            lasts = System.nanoTime() + time.toNanos();
        } finally {
            lock.unlock();
        }
    }

    /** Sets the output, which need not be ready yet. */
    void open(EventOutput out) {
        lock.lock();
        try {
            output = out;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes the client read the records in memory from now on.
     *
     * @param start a record after which come all records that this client has not seen
     */
    void goLive(KeptRecord start) {
        lock.lock();
        try {
            if (stage == Stage.CATCHING_UP) {
                stage = Stage.LIVE;
                cursor = start;
                inStep = start.after().covers(position);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells the client that the records before this position are gone, and goes on from it. */
    void skip(Position from) {
        lock.lock();
        try {
            if (stage == Stage.CATCHING_UP) {
                enqueue(Frame.gap(position, from));
                position = from;
                told = from;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a record from a catch-up, and waits for room.
     *
     * @param record null to advance the position only
     * @param patience how long to wait for room; when it is over, the client is dropped
     * @return false when the stream takes no more records from the catch-up
     */
    boolean feed(@Nullable StateChange record, Position after, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            var nanos = patience.toNanos();
            while (stage == Stage.CATCHING_UP && isFull()) {
                write(new Turn()); // at once: it would be slow to wait for the sender's next round
                if (!isFull()) {
                    continue;
                }
                if (nanos <= 0) {
                    end("the stream was read too slowly to catch up");
                    break;
                }
                nanos = room.awaitNanos(nanos);
            }
            if (stage != Stage.CATCHING_UP) {
                return false;
            }
            position = after;
            if (record != null && filter.matches(record)) {
                tell(Frame.stateChange(after, filter.shown(record)));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads new records, writes as much as the output takes, sends heartbeats and enforces the deadline of the notice.
     *
     * @param now by {@link System#nanoTime()}
     * @return true when there is more to do at once
     */
    boolean pump(long now) {
        lock.lock();
        try {
            beat(now);
            var turn = new Turn();
            do {
                look(turn);
            } while (write(turn) && turn.goesOn() && stage == Stage.LIVE);
            if (stage == Stage.ENDING && now - deadline > 0) {
                abort();
            }
            return !turn.goesOn();
        } finally {
            lock.unlock();
        }
    }

    /** The output is ready, for the first time or again. */
    void writable() {
        lock.lock();
        try {
            ready = true;
            pump(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** Sends a notice, and ends. Safe to repeat. */
    void drop(String reason) {
        lock.lock();
        try {
            end(reason);
        } finally {
            lock.unlock();
        }
    }

    /** Ends at once, without a notice: the client will come back, to another gateway. */
    void stop() {
        lock.lock();
        try {
            if (stage != Stage.ENDED && ready && output != null && output.isReady()) {
                complete(output);
            } else {
                abort();
            }
        } finally {
            lock.unlock();
        }
    }

    /** True when nothing will be written any more. */
    boolean isEnded() {
        lock.lock();
        try {
            return stage == Stage.ENDED;
        } finally {
            lock.unlock();
        }
    }

    /** The output is over. Safe to repeat. */
    void closed() {
        lock.lock();
        try {
            output = null;
            ended();
        } finally {
            lock.unlock();
        }
    }

    private void beat(long now) {
        if (lasts != null && now - lasts > 0) {
            end("the credentials have to be checked again: connect anew");
        }
        if (now - lastBeat < HEARTBEAT.toNanos() || stage == Stage.ENDING || stage == Stage.ENDED) {
            return;
        }
        lastBeat = now;
        if (waiting.isEmpty()) {
            enqueue(Frame.HEARTBEAT);
            if (!position.equals(told)) {
                tell(Frame.position(position));
            }
        }
    }

    private void look(Turn turn) {
        while (stage == Stage.LIVE && cursor != null && turn.goesOn()) {
            var next = cursor.next();
            if (next == null) {
                return;
            }
            if (!inStep && next.isBehind(position)) {
                passed(next);
            } else if (isFull()) {
                dropIfForgotten(next);
                return;
            } else {
                take(next);
            }
            turn.records++;
        }
    }

    private void take(KeptRecord next) {
        var change = next.change(reader);
        if (change.isEmpty()) {
            dropIfForgotten(next);
        }
        passed(next);
        if (change.isPresent() && filter.matches(change.get())) {
            tell(Frame.stateChange(position, filter.shown(change.get())));
        }
    }

    private void passed(KeptRecord record) {
        cursor = record;
        position = inStep ? record.after() : position.max(record.after());
        if (!inStep && record.after().covers(position)) {
            inStep = true;
            position = record.after(); // equal, but shared with other clients
        }
    }

    private void dropIfForgotten(KeptRecord next) {
        if (next.isForgotten()) {
            end("the stream was read too slowly: the next events are no longer in memory");
        }
    }

    private void tell(Frame frame) {
        if (stage == Stage.ENDING || stage == Stage.ENDED) {
            return;
        }
        told = position;
        enqueue(frame);
    }

    private void enqueue(Frame frame) {
        waiting.add(frame);
        waitingBytes += frame.size();
    }

    private boolean isFull() {
        return waiting.size() >= MOST_WAITING_EVENTS || waitingBytes >= MOST_WAITING_BYTES;
    }

    /** Writes as much as the output takes; true when it wrote something and nothing is left. */
    private boolean write(Turn turn) {
        if (!ready || output == null || stage == Stage.ENDED) {
            return false;
        }
        var wrote = false;
        try {
            while (turn.goesOn() && isReady(output) && (unflushed || !waiting.isEmpty())) {
                if (waiting.isEmpty()) {
                    output.flush();
                    unflushed = false;
                } else {
                    var batch = batch();
                    unflushed = true;
                    output.write(batch);
                    turn.bytes += batch.length;
                    wrote = true;
                }
            }
            if (stage == Stage.ENDING && waiting.isEmpty() && !unflushed && isReady(output)) {
                complete(output);
            }
        } catch (IOException e) {
            LOG.debug("a client is gone", e);
            abort();
        }
        room.signalAll();
        return wrote && ready && waiting.isEmpty();
    }

    private boolean isReady(EventOutput out) {
        ready = ready && out.isReady();
        return ready;
    }

    private byte[] batch() {
        var size = 0;
        var count = 0;
        for (var frame : waiting) {
            if (count > 0 && size + frame.size() > BATCH_BYTES) {
                break;
            }
            size += frame.size();
            count++;
        }
        var batch = new byte[size];
        var at = 0;
        var changes = 0;
        for (; count > 0; count--) {
            var frame = waiting.remove();
            System.arraycopy(frame.head(), 0, batch, at, frame.head().length);
            System.arraycopy(frame.body(), 0, batch, at + frame.head().length, frame.body().length);
            at += frame.size();
            changes += frame.isStateChange() ? 1 : 0;
        }
        waitingBytes -= size;
        metrics.sent(changes);
        return batch;
    }

    private void end(String reason) {
        if (stage == Stage.ENDING || stage == Stage.ENDED) {
            return;
        }
        LOG.debug("a client is dropped: {}", reason);
        metrics.dropped();
        stage = Stage.ENDING;
        deadline = System.nanoTime() + LAST_WORD.toNanos();
        var allSent = waiting.isEmpty();
        forgetWaiting();
        if (allSent && !position.equals(told)) {
            enqueue(Frame.position(position));
        }
        enqueue(Frame.dropped(reason));
    }

    private void complete(EventOutput out) {
        ended();
        out.complete();
    }

    private void abort() {
        var out = output;
        ended();
        if (out != null) {
            out.abort();
        }
    }

    private void ended() {
        stage = Stage.ENDED;
        forgetWaiting();
        cursor = null; // frees the records
        room.signalAll();
    }

    private void forgetWaiting() {
        waiting.clear();
        waitingBytes = 0;
    }

    /** The limits of one call, so that a busy client does not keep its sender from others. */
    private static final class Turn {
        private int records;
        private int bytes;

        boolean goesOn() {
            return records < RECORDS_A_TURN && bytes < BYTES_A_TURN;
        }
    }
}
