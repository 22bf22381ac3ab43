package io.celeriac.engine.stream;

import io.celeriac.engine.stream.LifeScenario.Way;
import io.celeriac.engine.stream.LifeStep.Next;
import io.celeriac.engine.stream.LifeStep.Plan;
import io.celeriac.engine.stream.LifeStep.Reached;
import io.celeriac.engine.task.QueueProperties.Order;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever happens to the tasks of a partition and to the workers that own it, in whatever order, these hold:
 *
 * <ol>
 *   <li>Each accepted task comes to an outcome, and none is lost. All its outcomes agree; under exactly-once there is one.
 *   <li>Nothing begins that was revoked before, nor before its eta, nor after it has expired.
 *   <li>A task never runs twice at once at one worker. Those of a chain run one at a time and in the order of their records,
 *       and one that waits for its retry holds the others up. (One that waits for its eta does not.)
 *   <li>Revisions grow with everything that is published. Attempts are counted without a gap, and a crash does not use one up.
 *   <li>A record whose id is unfinished, or finished within the window, is dropped, and counted.
 *   <li>What is no task becomes a dead letter, byte for byte; under exactly-once, one.
 *   <li>Where a task has succeeded, all that its attempt emitted is published. (Under at-least-once a worker may die before all of it
 *       is durable, and the task may have expired when its turn comes again: it is then told as expired.)
 *   <li>When all is quiet, counters agree with what was published. After the window nothing is kept, and nothing goes on.
 * </ol>
 *
 * <p>The engine's processor, store, gate, dispatcher and runner are the real ones; the broker and the process around them
 * are simulated, so that each of them may die at any point. What is sent and not acknowledged arrives or not.
 * More tries: {@code -Djqwik.tries.default=20000}.
 */
class TaskLifePropertiesTest {

    private static final int MOST_STEPS = 40;
    private static final Duration DEADLINE = Duration.ofSeconds(30); // for what takes milliseconds

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyTaskComesToItsEndWhateverHappens(@ForAll("ways") Way way, @ForAll("steps") List<LifeStep> steps)
            throws InterruptedException {
        happen(way, steps);
    }

    /** After a restart records are taken before the first timer fires: they must not overtake what was restored. */
    @Example
    void whatWasRestoredKeepsItsPlaceInItsChain() throws InterruptedException {
        happen(
                new Way(Order.KEY, false, true, false),
                List.of(
                        submit(Plan.SUCCEEDS),
                        new LifeStep.Pass(1, true),
                        new LifeStep.Killed(Reached.NOTHING, 0),
                        submit(Plan.SUCCEEDS)));
    }

    /** The partition comes back to a worker that still runs one of a chain: that one has the turn, whatever the others are. */
    @Example
    void whatStillRunsKeepsTheTurnOfItsChain() throws InterruptedException {
        happen(
                new Way(Order.KEY, false, true, false),
                List.of(
                        new LifeStep.Submit(Plan.SUCCEEDS, "k1", Duration.ofSeconds(1), null, false),
                        new LifeStep.Pass(1, false),
                        new LifeStep.TimePasses(Duration.ofSeconds(2)),
                        new LifeStep.Pass(0, false),
                        new LifeStep.ThreadStarts(0),
                        submit(Plan.SUCCEEDS),
                        new LifeStep.Pass(1, true),
                        new LifeStep.HandedOver(0, Next.SAME_WORKER),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, false),
                        new LifeStep.ThreadStarts(0)));
    }

    /** The stream thread takes a task half a second before it is due: it must not take one for ever that it puts back. */
    @Example
    void aTaskWithoutHandlerIsGivenUpWhenItsTimeIsNear() throws InterruptedException {
        happen(
                new Way(Order.UNORDERED, false, true, true),
                List.of(
                        submit(Plan.UNHEARD_OF),
                        new LifeStep.Pass(1, true),
                        new LifeStep.TimePasses(Duration.ofMillis(59_700)),
                        new LifeStep.Pass(0, true)));
    }

    /** Every worker hears of every revocation: those with nothing to do must not poll without a pause from then on. */
    @Example
    void aRevocationLeavesAnIdleWorkerIdle() throws InterruptedException {
        happen(new Way(Order.UNORDERED, false, false, false), List.of(new LifeStep.Revoke(0, false)));
    }

    /** An outcome that is handed over is published by the next owner, and counted as any other. */
    @Example
    void anOutcomeThatIsHandedOverIsCounted() throws InterruptedException {
        happen(
                new Way(Order.UNORDERED, false, true, false),
                List.of(
                        submit(Plan.SUCCEEDS),
                        new LifeStep.Pass(1, true),
                        new LifeStep.ThreadStarts(0),
                        new LifeStep.HandedOver(1, Next.NEW_WORKER)));
    }

    /** Exactly one record for each change of state: a retry that is handed over is one too. */
    @Example
    void aRetryThatIsHandedOverIsPublished() throws InterruptedException {
        happen(
                new Way(Order.UNORDERED, true, true, false),
                List.of(
                        submit(Plan.FAILS_ONCE),
                        new LifeStep.Pass(1, true),
                        new LifeStep.ThreadStarts(0),
                        new LifeStep.HandedOver(1, Next.NEW_WORKER)));
    }

    /** It was emitted in one life of the partition and its parent succeeds in the next: the first could not publish it any more. */
    @Example
    void aChildIsNotLostWithThePartitionThatItWasEmittedIn() throws InterruptedException {
        for (var exactlyOnce : List.of(false, true)) {
            happen(
                    new Way(Order.UNORDERED, exactlyOnce, true, false),
                    List.of(
                            submit(Plan.SUCCEEDS_WITH_CHILDREN),
                            new LifeStep.Pass(1, true),
                            new LifeStep.TimePasses(Duration.ofMillis(1)),
                            new LifeStep.Pass(0, true),
                            new LifeStep.ThreadStarts(0),
                            new LifeStep.HandedOver(0, Next.SAME_WORKER)));
        }
    }

    /** It was published, and the stream thread failed before that was committed. */
    @Example
    void aChildIsNotLostWithItsTransaction() throws InterruptedException {
        happen(
                new Way(Order.UNORDERED, true, true, false),
                List.of(
                        submit(Plan.SUCCEEDS_WITH_CHILDREN),
                        new LifeStep.Pass(1, true),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, true),
                        new LifeStep.ThreadStarts(0),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, false),
                        new LifeStep.StreamThreadFails(false)));
    }

    /** It fails elsewhere while it runs here, and comes back for its next attempt: that is the one that runs. */
    @Example
    void whatHasFailedElsewhereGoesOnAsItsNextAttempt() throws InterruptedException {
        happen(
                new Way(Order.UNORDERED, false, true, false),
                List.of(
                        submit(Plan.FAILS_ONCE),
                        new LifeStep.Pass(1, true),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, true),
                        new LifeStep.ThreadStarts(0),
                        new LifeStep.HandedOver(0, Next.OTHER_WORKER),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, true),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, true),
                        new LifeStep.ThreadStarts(0),
                        new LifeStep.HandlerReturns(0),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, true),
                        new LifeStep.HandedOver(0, Next.OTHER_WORKER),
                        new LifeStep.TimePasses(Duration.ofSeconds(3)),
                        new LifeStep.Pass(0, true),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, true)));
    }

    /** Its owner dies while it runs, before its offset is committed. The next owner charges it, and reads its record again. */
    @Example
    void aTaskThatIsChargedIsTakenOverAllTheSame() throws InterruptedException {
        happen(
                new Way(Order.UNORDERED, false, false, false),
                List.of(
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        submit(Plan.FAILS_ONCE),
                        submit(Plan.SUCCEEDS),
                        submit(Plan.SUCCEEDS),
                        new LifeStep.Pass(2, false),
                        new LifeStep.TimePasses(Duration.ofMillis(1)),
                        new LifeStep.Pass(0, false),
                        new LifeStep.ThreadStarts(3),
                        new LifeStep.HandlerReturns(1),
                        new LifeStep.Pass(3, false),
                        new LifeStep.ThreadStarts(3),
                        new LifeStep.StreamThreadFails(true),
                        new LifeStep.HandedOver(0, Next.OTHER_WORKER),
                        new LifeStep.Pass(2, true),
                        new LifeStep.StreamThreadFails(false)));
    }

    private static LifeStep submit(Plan plan) {
        return new LifeStep.Submit(plan, "k1", null, null, false);
    }

    private static void happen(Way way, List<LifeStep> steps) throws InterruptedException {
        var told = new AtomicReference<>("nothing");
        onAThreadOfItsOwn(told, () -> {
            try (var scenario = new LifeScenario(way, told)) {
                scenario.run(steps);
            }
        });
    }

    /**
     * The gate of a stream thread is found by its thread, and must not be left behind for other tests. A stream thread that
     * never comes back is a fault like any other.
     */
    private static void onAThreadOfItsOwn(AtomicReference<String> told, Runnable work) throws InterruptedException {
        var task = new FutureTask<Void>(work, null);
        var thread = new Thread(task, "stream-thread");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the stream thread never comes back\n  " + told.get(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new AssertionError(e.getCause());
        }
    }

    @Provide
    Arbitrary<Way> ways() {
        var yesOrNo = Arbitraries.of(false, true);
        return Combinators.combine(Arbitraries.of(Order.class), yesOrNo, yesOrNo, yesOrNo)
                .as(Way::new);
    }

    @Provide
    Arbitrary<List<LifeStep>> steps() {
        var which = Arbitraries.integers().between(0, 3);
        var yesOrNo = Arbitraries.of(false, true);
        return Arbitraries.<LifeStep>frequencyOf(
                        Tuple.of(20, submissions()),
                        Tuple.of(3, which.map(LifeStep.SubmitAgain::new)),
                        Tuple.of(1, Arbitraries.create(LifeStep.SubmitGarbage::new)),
                        Tuple.of(
                                24,
                                Combinators.combine(Arbitraries.integers().between(0, 3), yesOrNo)
                                        .as(LifeStep.Pass::new)),
                        Tuple.of(14, which.map(LifeStep.ThreadStarts::new)),
                        Tuple.of(14, which.map(LifeStep.HandlerReturns::new)),
                        Tuple.of(
                                10,
                                Arbitraries.of(1, 1, 300, 600, 2_000, 10_000)
                                        .map(millis -> new LifeStep.TimePasses(Duration.ofMillis(millis)))),
                        Tuple.of(3, Combinators.combine(which, yesOrNo).as(LifeStep.Revoke::new)),
                        Tuple.of(1, Arbitraries.create(LifeStep.SendFails::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(Arbitraries.of(Reached.class), Arbitraries.longs())
                                        .as(LifeStep.Killed::new)),
                        Tuple.of(2, yesOrNo.map(LifeStep.StreamThreadFails::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(Arbitraries.integers().between(0, 2), Arbitraries.of(Next.class))
                                        .as(LifeStep.HandedOver::new)),
                        Tuple.of(
                                1,
                                Arbitraries.of(Next.SAME_WORKER, Next.OTHER_WORKER)
                                        .map(LifeStep.Lost::new)))
                .list()
                .ofMaxSize(MOST_STEPS);
    }

    private static Arbitrary<LifeStep.Submit> submissions() {
        return Combinators.combine(
                        Arbitraries.of(Plan.class),
                        Arbitraries.of("k1", "k2").injectNull(0.3),
                        seconds(1, 5).injectNull(0.7),
                        seconds(2, 8).injectNull(0.8),
                        Arbitraries.of(false, true))
                .as(LifeStep.Submit::new);
    }

    private static Arbitrary<Duration> seconds(Integer... some) {
        return Arbitraries.of(some).map(Duration::ofSeconds);
    }
}
