package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AttemptRunner;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.GroupLists;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.outcome.OutcomeRecords;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The process of a worker. Its attempts run on real threads, but never two at a time: one that gets to run goes on until
 * its handler has been called, or until there is nothing left for it.
 */
final class SimulatedWorker {

    private static final int THREADS = 2;
    private static final Duration DEADLINE = Duration.ofSeconds(60); // for what takes no time

    /** What a handler is called with. */
    record Call(String id, int attempt) {}

    /** A thread that attempts run on. */
    static final class Hand {

        private enum State {
            BUSY,
            HELD,
            GONE
        }

        private final Thread thread;
        private State state = State.BUSY; // all below is guarded by this
        private Call call;
        private boolean letGo;

        private Hand(Runnable work) {
            thread = new Thread(() -> {
                work.run();
                become(State.GONE);
            });
            thread.setDaemon(true);
        }

        private synchronized void become(State next) {
            state = next;
            notifyAll();
        }

        private synchronized void hold(Call called) throws InterruptedException {
            call = called;
            letGo = false;
            become(State.HELD);
            while (!letGo) {
                wait();
            }
        }

        private synchronized void letGo() {
            state = State.BUSY;
            letGo = true;
            notifyAll();
        }

        synchronized boolean isHeld() {
            return state == State.HELD;
        }

        synchronized Call call() {
            return call;
        }

        private synchronized void awaitQuiet() {
            var deadline = System.nanoTime() + DEADLINE.toNanos();
            while (state == State.BUSY) {
                var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("a thread of attempts neither calls a handler nor ends");
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError("nobody interrupts the stream thread", e);
                }
            }
        }
    }

    /** Runs what is due when it is told the time, and no thread of its own. */
    private static final class Timer extends ScheduledThreadPoolExecutor {

        private record Due(Instant at, Runnable command) {}

        private final InstantSource clock;
        private final PriorityQueue<Due> waiting = new PriorityQueue<>(Comparator.comparing(Due::at));

        Timer(InstantSource clock) {
            super(0);
            this.clock = clock;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            waiting.add(new Due(clock.instant().plusNanos(unit.toNanos(delay)), command));
            return null; // without time limits nobody cancels
        }

        private void fire() {
            while (!waiting.isEmpty() && !waiting.peek().at.isAfter(clock.instant())) {
                waiting.remove().command.run();
            }
        }
    }

    private final String name;
    private final Timer timer;
    private final Dispatcher dispatcher;
    private final List<Runnable> queued = new ArrayList<>();
    private final List<Hand> hands = new ArrayList<>();
    private volatile boolean dead;

    SimulatedWorker(String name, OutcomeRecords outcomes, Revocations revocations, InstantSource clock) {
        this.name = name;
        timer = new Timer(clock);
        var runner = new AttemptRunner(
                outcomes,
                revocations,
                topic -> {},
                List.of(),
                clock,
                new Random(7),
                new AttemptRunner.TimeLimits(timer, queued::add, Duration.ofSeconds(5)),
                GroupLists.NONE);
        dispatcher = new Dispatcher(queued::add, timer, THREADS, runner, clock);
    }

    String name() {
        return name;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    void fireTimers() {
        timer.fire();
    }

    boolean hasQueued() {
        return !queued.isEmpty();
    }

    /** Whether a thread waits to run, or a handler to come back. */
    boolean isBusy() {
        return hasQueued() || !held().isEmpty();
    }

    /** Those whose handler has been called and has not come back, in the order of their threads. */
    List<Hand> held() {
        return hands.stream().filter(Hand::isHeld).toList();
    }

    void start(int which) {
        var hand = new Hand(queued.remove(which % queued.size()));
        hands.add(hand);
        hand.thread.start();
        hand.awaitQuiet();
    }

    /** Lets a handler come back. */
    void letGo(Hand hand) {
        hand.letGo();
        hand.awaitQuiet();
    }

    /** Called by handlers; returns when they are to come back. */
    void hold(Call call) throws InterruptedException {
        if (!dead) {
            handOfThread().hold(call);
        }
        if (dead) {
            throw new InterruptedException("its process is dead");
        }
    }

    boolean isDead() {
        return dead;
    }

    private Hand handOfThread() {
        return hands.stream()
                .filter(hand -> hand.thread.equals(Thread.currentThread()))
                .findAny()
                .orElseThrow();
    }

    void revoke(String id, boolean terminate) {
        var ended = terminate
                ? held().stream().filter(hand -> hand.call().id().equals(id)).toList()
                : List.<Hand>of();
        ended.forEach(hand -> hand.become(Hand.State.BUSY));
        dispatcher.revoke(id, terminate);
        ended.forEach(Hand::awaitQuiet);
    }

    /** From now on nothing of it has any effect. */
    void kill() {
        dead = true;
        queued.clear();
        held().forEach(this::letGo);
        timer.shutdownNow();
    }
}
