package io.celeriac.engine.poison;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.RateLimit;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.AttemptRunner;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.GroupLists;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.Trace.Place;
import io.celeriac.engine.poison.Trace.Trials;
import io.celeriac.engine.stream.QueueScenario;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import io.celeriac.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * After a crash each attempt is on record before it begins, and only so many at a time. That must not make the tasks of one
 * handler wait for the limit of another.
 */
class PoisonPillGuardTest {

    private static final int CONCURRENCY = 4;

    private final MutableClock clock = MutableClock.at(QueueScenario.START);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<String> ran = new ArrayList<>();
    private final Handler free = Handler.of("free", (task, context) -> ran.add(task.id()));
    private final Handler rare = Handler.of("rare", (task, context) -> ran.add(task.id()))
            .limited(new HandlerLimits(null, RateLimit.parse("1/m")));
    private final Dispatcher dispatcher = new Dispatcher(
            Runnable::run,
            timer,
            CONCURRENCY,
            new AttemptRunner(
                    new OutcomeRecords(new Topics("celeriac"), "worker-1", 1 << 20, new HandlerRegistry(List.of())),
                    Revocations.NONE,
                    topic -> {},
                    List.of(),
                    clock,
                    new Random(7),
                    new AttemptRunner.TimeLimits(timer, Runnable::run, ofSeconds(5)),
                    GroupLists.NONE),
            clock);
    private final AttemptQueue attemptQueue =
            new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "default"));
    private final PoisonPillGuard caution =
            new PoisonPillGuard(PoisonPillGuard.Threads.of(attemptQueue, dispatcher), 3, new Quarantine(), id -> true);
    private long flushes;
    private long offset;

    PoisonPillGuardTest() {
        dispatcher.open(attemptQueue);
        caution.start(died(Set.of(), Set.of(), List.of()), "process-2", clock.instant(), flushes);
    }

    private static OwnerMark died(Set<String> running, Set<String> near, List<Trace> suspects) {
        return new OwnerMark("process-1", false, running, near, Trials.NONE, suspects);
    }

    /** Else the first death of a pill at the head of its queue would be missed, and cost those beside it one more. */
    @Test
    void putsOnRecordWhatIsThereAtTheBeginningAlsoAfterAPeacefulOwner() {
        caution.start(null, "process-2", clock.instant(), flushes);
        hold(free, "first", 5);

        commitAndPass(Duration.ofMillis(100));

        assertThat(ran).isEmpty();
        assertThat(lastMark().near()).containsExactly("first");
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void letsTheTasksOfOthersPastThoseThatWaitForTheLimitOfTheirHandler() {
        for (int i = 0; i < 64; i++) {
            hold(rare, "rare-" + i, 5);
        }
        hold(free, "free-1", 5);
        hold(free, "free-2", 5);

        for (int i = 0; i < 6; i++) {
            commitAndPass(Duration.ofMillis(100));
        }

        assertThat(ran).containsExactlyInAnyOrder("rare-0", "free-1", "free-2");
        assertThat(lastMark().near()).as("what is on record, beside what runs").hasSizeLessThan(CONCURRENCY);
    }

    @Test
    void putsTheUrgentOnRecordFirst() {
        for (int i = 0; i < 8; i++) {
            hold(free, "calm-" + i, 5);
        }
        hold(free, "urgent", 9);

        commitAndPass(Duration.ofMillis(100));

        assertThat(lastMark().near()).hasSize(CONCURRENCY).contains("urgent");
    }

    @Test
    void letsEverythingGoWhenTheProbationIsOver() {
        for (int i = 0; i < 64; i++) {
            hold(free, "free-" + i, 5);
        }
        commitAndPass(Duration.ofMillis(100));
        assertThat(ran).isEmpty();

        commitAndPass(ofSeconds(10));

        assertThat(ran).hasSize(64);
        assertThat(caution.wantsCommit(clock.instant())).isFalse();
    }

    /** It was on record, as it is before it begins, and the machine killed the process in between. */
    @Test
    void chargesNoDeathToWhatHadNotBegun() {
        var charged = caution.start(
                died(Set.of("ran"), Set.of("announced"), List.of()), "process-2", clock.instant(), flushes);

        assertThat(charged).containsExactly("ran");
    }

    /** Whatever else there is to do; and what it waits for is told. */
    @Test
    void triesASuspectAloneWithinSeconds() {
        caution.start(died(Set.of(), Set.of("suspect"), List.of()), "process-2", clock.instant(), flushes);
        for (int i = 0; i < 400; i++) {
            hold(free, "free-" + i, 5);
        }
        hold(free, "suspect", 5);
        assertThat(caution.heldUntil("suspect", clock.instant()))
                .isEqualTo(clock.instant().plusSeconds(1));
        assertThat(caution.heldUntil("free-1", clock.instant())).isNull();

        var passes = 0;
        while (!ran.contains("suspect") && passes < 40) {
            commitAndPass(Duration.ofMillis(100));
            passes++;
        }

        assertThat(passes).as("tenths of a second").isLessThan(30);
        assertThat(ran.get(ran.size() - 1)).isEqualTo("suspect");
    }

    /** A pill that kills within a millisecond is never seen running: that it was about to begin, alone, has to do. */
    @Test
    void countsTheDeathOfOneThatWasAboutToBeginAlone() {
        caution.start(died(Set.of(), Set.of("suspect"), List.of()), "process-2", clock.instant(), flushes);
        hold(free, "suspect", 5);
        while (!caution.mark("process-2", clock.instant())
                .suspects()
                .get(0)
                .place()
                .equals(Place.ALONE)) {
            clock.advance(Duration.ofMillis(100));
            flushes++;
            caution.release(flushes, clock.instant());
        }

        var next = new PoisonPillGuard(
                PoisonPillGuard.Threads.of(attemptQueue, dispatcher), 3, new Quarantine(), id -> true);
        var charged = next.start(lastMark(), "process-3", clock.instant(), flushes);

        assertThat(charged).containsExactly("suspect");
        assertThat(next.farewell("process-3").suspects().get(0).suspicion().strikes())
                .isEqualTo(1);
        assertThat(next.condemns(task("suspect"))).isFalse();
    }

    /** A retry or a revival of the partition is no reason to forget; an attempt that has come to an end is. */
    @Test
    void forgetsASuspectThatHasLivedToTheEndOfAnAttempt() {
        caution.start(died(Set.of("suspect"), Set.of(), List.of()), "process-2", clock.instant(), flushes);
        assertThat(caution.farewell("process-2").suspects()).hasSize(1);

        caution.forget("suspect", clock.instant());

        assertThat(caution.farewell("process-2").suspects()).isEmpty();
    }

    /** What is written must be what is read, and not hinder a worker that knows only the first lines. */
    @Test
    void keepsWhatItKnowsInTheMark() {
        var suspicion = new Suspicion(3, 2, 1, ofSeconds(4), ofSeconds(60), Duration.ofMillis(1_234));
        var trace = new Trace("c", suspicion, Place.WAITS, ofSeconds(7), Duration.ZERO);
        var mark = new OwnerMark("p", false, Set.of("a"), Set.of("b"), Trials.LONG, List.of(trace));

        assertThat(OwnerMark.of(mark.bytes())).isEqualTo(mark);
        assertThat(OwnerMark.of("p\nopen\na\n\tnews\tof a later version".getBytes(UTF_8)))
                .isEqualTo(new OwnerMark("p", false, Set.of("a"), Set.of(), Trials.NONE, List.of()));
        assertThat(OwnerMark.of("p\nleft\n".getBytes(UTF_8)).left()).isTrue();
    }

    private OwnerMark lastMark() {
        return caution.mark("process-2", clock.instant());
    }

    private AcceptedTask task(String id) {
        return AcceptedTask.first(origin(), Task.named("free").id(id).build(), QueueScenario.START);
    }

    private void hold(Handler handler, String id, int priority) {
        var task = Task.named(handler.name()).id(id).priority(priority).build();
        caution.hold(
                new PoisonPillGuard.Held(
                        new Attempt(attemptQueue, AcceptedTask.first(origin(), task, QueueScenario.START), handler), 0),
                clock.instant());
    }

    private SourceRecord origin() {
        return new SourceRecord(
                "default",
                "celeriac.tasks.default",
                0,
                offset++,
                QueueScenario.START,
                null,
                new byte[0],
                new RecordHeaders());
    }

    private void commitAndPass(Duration later) {
        clock.advance(later);
        flushes++;
        caution.release(flushes, clock.instant()).forEach(held -> dispatcher.submit(held.attempt()));
        for (var report = attemptQueue.poll(); report != null; report = attemptQueue.poll()) {
            caution.forget(report.id(), clock.instant());
        }
    }
}
