package io.celeriac.engine.worker;

import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.engine.attempt.Dispatcher;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of a worker, through its life: they run, are drained, and run again. A drain hands the partitions over, as a stop does, but
 * the worker stays up.
 *
 * <p>{@link #start}, {@link #drain}, {@link #resume} and {@link #stop} run one at a time; the other methods may be called by any thread.
 */
final class WorkerQueues {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerQueues.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Supplier<List<QueueWorker>> maker;
    private final Dispatcher dispatcher;
    private final Duration drainTimeout;
    private final Runnable changed;
    private volatile List<QueueWorker> queues;
    private volatile State state = State.RUNNING;

    /**
     * @param maker makes the queues anew, as a closed one cannot run again
     * @param drainTimeout how long running attempts may go on
     * @param changed is told of each change of the state
     */
    WorkerQueues(Supplier<List<QueueWorker>> maker, Dispatcher dispatcher, Duration drainTimeout, Runnable changed) {
        this.maker = maker;
        this.dispatcher = dispatcher;
        this.drainTimeout = drainTimeout;
        this.changed = changed;
        this.queues = maker.get();
    }

    /** All of them, also when they do not run. */
    List<QueueWorker> all() {
        return queues;
    }

    /** Those that take tasks, or are about to; none after a drain. */
    List<QueueWorker> active() {
        return state == State.RUNNING ? queues : List.of();
    }

    /** Those that have partitions, or may still have some. */
    List<QueueWorker> withPartitions() {
        return state == State.RUNNING || state == State.DRAINING ? queues : List.of();
    }

    State state() {
        return state;
    }

    synchronized void start() {
        queues.forEach(QueueWorker::start);
    }

    /** Hands the partitions over. Does nothing after a stop, or another drain. */
    synchronized void drain() {
        if (state != State.RUNNING) {
            return;
        }
        become(State.DRAINING);
        handOver();
        become(State.DRAINED);
        LOG.info("the worker is drained: it has no partitions until it is resumed");
    }

    /** Takes partitions again. Does nothing unless the worker was drained. */
    synchronized void resume() {
        if (state != State.DRAINED) {
            return;
        }
        dispatcher.endDrain();
        queues = maker.get();
        become(State.RUNNING);
        queues.forEach(QueueWorker::start);
        LOG.info("the worker takes partitions again");
    }

    synchronized void stop() {
        handOver();
        become(State.STOPPED);
    }

    private void handOver() {
        try {
            if (!dispatcher.drain(drainTimeout)) {
                LOG.warn(
                        "{} tasks still run, or their outcomes are not published, after the drain timeout of {}:"
                                + " another worker runs the unfinished tasks again",
                        dispatcher.running(),
                        drainTimeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queues.forEach(queue -> queue.close(CLOSE_TIMEOUT));
    }

    private void become(State next) {
        state = next;
        changed.run();
    }
}
