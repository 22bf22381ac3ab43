package io.celeriac.engine.attempt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.RateLimit;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.control.LiveSettings;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.FailedAttempt;
import io.celeriac.engine.task.SourceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens between threads: attempts that outlive their partition, time limits that are not heard. */
class DispatcherTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EngineMetrics metrics = new EngineMetrics(registry, "default");
    private final AtomicInteger begun = new AtomicInteger();
    private final LiveSettings live = new LiveSettings("worker-1");
    private final Dispatcher dispatcher = dispatcher(4);

    @AfterEach
    void end() {
        gate.countDown();
        threads.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void takesUpWhatStillRunsWhenItsPartitionComesBack() {
        var before = open();
        dispatcher.submit(gated(before, 0));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        close(before);
        var after = open();

        dispatcher.submit(gated(after, 0));
        gate.countDown();

        assertThat(outcome(after)).isInstanceOf(AttemptOutcome.Finished.class);
        assertThat(begun).hasValue(1);
        assertThat(before.poll()).isNull();
    }

    /** What an attempt emits while its partition is away reaches nobody there: it must not be missing when its parent succeeds. */
    @Test
    void emitsWhenItsPartitionComesBackWhatItEmittedWhileItWasAway() {
        var away = new CountDownLatch(1);
        var before = open();
        dispatcher.submit(emitting(before, away));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        close(before);
        away.countDown();
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 2);
        var after = open();
        dispatcher.submit(emitting(after, away));
        gate.countDown();

        assertThat(outcome(after)).isInstanceOf(AttemptOutcome.Emitted.class);
        assertThat(outcome(after)).isInstanceOf(AttemptOutcome.Finished.class);
    }

    /** What its partition took and could not commit is as good as not taken, and what is committed is not emitted again. */
    @Test
    void emitsAgainWhatWasNotCommittedAndNothingElse() {
        var first = open();
        var both = new CountDownLatch(0);
        dispatcher.submit(emitting(first, both));
        var taken = outcome(first);
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 2);
        close(first);

        var second = open();
        dispatcher.submit(emitting(second, both));
        assertThat(outcome(second)).isSameAs(taken);
        ((AttemptOutcome.Emitted) taken).committed();
        close(second);

        var third = open();
        dispatcher.submit(emitting(third, both));
        gate.countDown();
        assertThat(outcome(third)).isInstanceOf(AttemptOutcome.Finished.class);
    }

    /** The partition may never come back, so an attempt that goes on and on must not keep all that it emits. */
    @Test
    void endsAnAttemptThatEmitsTooMuchWhileItsPartitionIsAway() {
        var emitted = new AtomicInteger();
        var thrown = new CompletableFuture<RuntimeException>();
        var before = open();
        dispatcher.submit(attempt(before, 0, Task.named("many").id("x").build(), (task, context) -> {
            begun.incrementAndGet();
            gate.await();
            try {
                while (true) {
                    context.submit(Task.named("child").build());
                    emitted.incrementAndGet();
                }
            } catch (CancellationException e) {
                thrown.complete(e);
                throw e;
            }
        }));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        close(before);
        gate.countDown();

        await().atMost(ofSeconds(10)).until(thrown::isDone);
        assertThat(thrown.join()).hasMessageContaining("partition is away");
        assertThat(emitted).hasValue(4 * 1024);
        await().atMost(ofSeconds(10)).until(() -> dispatcher.running() == 0);
    }

    /** It runs with the arguments of another record, which has come to its end elsewhere: its outcome is not this one's. */
    @Test
    void doesNotTakeUpWhatRunsOfAnotherRecord() {
        var before = open();
        dispatcher.submit(gated(before, 0));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        close(before);
        var after = open();

        dispatcher.submit(new Attempt(after, ofRecord(8), gated()));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 2);
        gate.countDown();

        assertThat(outcome(after).task().origin().offset()).isEqualTo(8);
        assertThat(after.poll()).isNull();
    }

    /** It failed elsewhere while it ran here: it goes on as the attempt that is due, and not as one that has its outcome. */
    @Test
    void takesUpWhatRunsAsALaterAttemptWithItsHistory() {
        var numbers = new ConcurrentLinkedQueue<Integer>();
        var handler = Handler.of("gated", (task, context) -> {
            numbers.add(context.attempt());
            begun.incrementAndGet();
            gate.await();
            numbers.add(context.attempt());
            return null;
        });
        var before = open();
        dispatcher.submit(new Attempt(before, ofRecord(7), handler));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        close(before);
        var after = open();
        var failure = new FailedAttempt(1, Instant.EPOCH, Instant.EPOCH, "elsewhere", new TaskError("E", "no", null));

        dispatcher.submit(new Attempt(after, ofRecord(7).failed(failure, 5), handler));
        gate.countDown();

        assertThat(outcome(after)).isInstanceOfSatisfying(AttemptOutcome.Finished.class, report -> {
            assertThat(report.task().attempts()).isEqualTo(1);
            assertThat(TaskJson.result(report.publications().get(0).value()))
                    .satisfies(result -> assertThat(result.attempt()).isEqualTo(2))
                    .satisfies(result -> assertThat(result.revision()).isEqualTo(6));
        });
        assertThat(begun).hasValue(1);
        assertThat(numbers).containsExactly(1, 2);
    }

    /** A timer that was set for a partition's earlier life must not drag the attempt of its new one into the void. */
    @Test
    void ignoresTheTimerOfAClosedQueue() throws Exception {
        var before = open();
        dispatcher.submitAt(gated(before, 0), Instant.now().plusMillis(300));
        close(before);
        var after = open();
        dispatcher.submit(gated(after, 0));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);

        timer.schedule(() -> {}, 400, TimeUnit.MILLISECONDS).get(); // one thread, so the earlier timer has come
        gate.countDown();

        assertThat(outcome(after)).isInstanceOf(AttemptOutcome.Finished.class);
    }

    @Test
    void runsTheSameIdInTwoPartitions() {
        var one = open();
        var other = open();
        dispatcher.submit(gated(one, 0));
        dispatcher.submit(gated(other, 1));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 2);
        gate.countDown();

        assertThat(outcome(one)).isInstanceOf(AttemptOutcome.Finished.class);
        assertThat(outcome(other)).isInstanceOf(AttemptOutcome.Finished.class);
    }

    /** A handler that does not hear its interrupt costs a thread, but neither its task's outcome nor its slot. */
    @Test
    void givesAnAttemptUpThatIgnoresItsTimeLimit() {
        var one = dispatcher(1);
        var attemptQueue = new AttemptQueue(() -> {}, metrics);
        one.open(attemptQueue);
        one.submit(attempt(attemptQueue, 0, limited("deaf"), (task, context) -> {
            while (gate.getCount() > 0) {
                Thread.onSpinWait();
            }
            return null;
        }));
        one.submit(attempt(attemptQueue, 0, Task.named("next").id("next").build(), (task, context) -> "done"));

        assertThat(outcome(attemptQueue)).isInstanceOfSatisfying(AttemptOutcome.Finished.class, report -> {
            assertThat(report.id()).isEqualTo("deaf");
            assertThat(report.state().name()).isEqualTo("FAILURE");
        });
        assertThat(outcome(attemptQueue).id()).isEqualTo("next");
    }

    /** Queues are isolated: the long tasks of one must not stop another on the same worker. */
    @Test
    void keepsAThreadForEachQueueThatHasNone() {
        var two = dispatcher(2);
        var mail = new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "mail"));
        var reports = new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "reports"));
        two.open(mail);
        two.open(reports);
        for (int i = 0; i < 4; i++) {
            two.submit(ofQueue("reports", reports, "long" + i, (task, context) -> {
                begun.incrementAndGet();
                gate.await();
                return null;
            }));
        }
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);

        two.submit(ofQueue("mail", mail, "mail", (task, context) -> "sent"));

        assertThat(outcome(mail).id()).isEqualTo("mail");
        assertThat(begun).hasValue(1);
        gate.countDown();
        for (int i = 0; i < 4; i++) {
            assertThat(outcome(reports)).isInstanceOf(AttemptOutcome.Finished.class);
        }
    }

    @Test
    void keepsNoMoreThanHalfOfTheThreadsForQueuesThatHaveNothing() {
        var four = dispatcher(4);
        var busy = new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "busy"));
        four.open(busy);
        for (int i = 0; i < 5; i++) {
            four.open(new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "idle" + i)));
        }
        for (int i = 0; i < 4; i++) {
            four.submit(ofQueue("busy", busy, "task" + i, (task, context) -> {
                begun.incrementAndGet();
                gate.await();
                return null;
            }));
        }

        await().atMost(ofSeconds(10)).until(() -> begun.get() == 2);
        gate.countDown();
    }

    /** Each costs a thread for as long as it hangs, so there must be an end to it. */
    @Test
    void replacesAsManyLostThreadsAsItHas() {
        var one = dispatcher(1);
        var attemptQueue = new AttemptQueue(() -> {}, metrics);
        one.open(attemptQueue);
        for (int i = 0; i < 3; i++) {
            one.submit(attempt(attemptQueue, 0, limited("deaf" + i), (task, context) -> {
                begun.incrementAndGet();
                while (gate.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return null;
            }));
        }
        var ended = new ArrayList<>(
                List.of(outcome(attemptQueue).id(), outcome(attemptQueue).id()));
        await().atMost(ofSeconds(10)).until(() -> one.lost() == 2);
        assertThat(one.isShortOfThreads()).isTrue();
        assertThat(begun).hasValue(2);

        gate.countDown();

        ended.add(outcome(attemptQueue).id());
        assertThat(ended).containsExactlyInAnyOrder("deaf0", "deaf1", "deaf2");
        await().atMost(ofSeconds(10)).until(() -> one.lost() == 0);
    }

    @Test
    void interruptsAnAttemptAtItsTimeLimit() {
        var attemptQueue = open();
        dispatcher.submit(attempt(attemptQueue, 0, limited("slow"), (task, context) -> {
            gate.await();
            return null;
        }));

        assertThat(outcome(attemptQueue))
                .isInstanceOfSatisfying(
                        AttemptOutcome.Finished.class,
                        report -> assertThat(
                                        new String(report.publications().get(0).value(), UTF_8))
                                .contains("TimeLimitExceeded"));
    }

    @Test
    void drainsWhatRunsAndBeginsNothingMore() throws InterruptedException {
        var attemptQueue = open();
        dispatcher.submit(gated(attemptQueue, 0));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        assertThat(dispatcher.drain(Duration.ofMillis(50))).isFalse();
        assertThat(registry.get("celeriac.drains.overrun").counter().count()).isEqualTo(1);
        dispatcher.submit(attempt(
                attemptQueue, 0, Task.named("late").id("late").build(), (task, context) -> begun.incrementAndGet()));
        var opened = open();
        dispatcher.submit(
                attempt(opened, 1, Task.named("late").id("later").build(), (task, context) -> begun.incrementAndGet()));

        gate.countDown();

        assertThat(outcome(attemptQueue).id()).isEqualTo("x");
        assertThat(attemptQueue.poll()).isNull();
        assertThat(dispatcher.drain(ofSeconds(10))).isTrue();
        assertThat(begun).hasValue(1);
    }

    /** A long task that listens does not hold up the stop of its worker, and loses nothing by it. */
    @Test
    void letsATaskStopWithoutAnOutcomeWhenItsWorkerGoes() throws InterruptedException {
        var attemptQueue = open();
        dispatcher.submit(attempt(attemptQueue, 0, Task.named("listens").id("x").build(), this::listens));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);

        assertThat(dispatcher.drain(ofSeconds(10))).isTrue();

        assertThat(attemptQueue.poll()).as("it runs again at the next owner").isNull();
        assertThat(attemptQueue.running()).isEmpty();
        assertThat(registry.get("celeriac.attempts.stopped").counter().count()).isEqualTo(1);
    }

    /** The partition may be back before the handler has come to its end. */
    @Test
    void runsATaskAgainThatStopsForAMoveThatIsOver() {
        var before = open();
        dispatcher.submit(attempt(before, 0, Task.named("listens").id("x").build(), (task, context) -> {
            if (begun.incrementAndGet() > 1) {
                return "attempt " + context.attempt();
            }
            while (!context.isCancelled()) {
                Thread.onSpinWait();
            }
            begun.incrementAndGet();
            gate.await();
            throw new IllegalStateException("it stops half-way");
        }));
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        before.drain();
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 2);
        close(before);
        var after = open();
        dispatcher.submit(attempt(after, 0, Task.named("listens").id("x").build(), (task, context) -> "joined"));
        gate.countDown();

        assertThat(outcome(after))
                .isInstanceOfSatisfying(
                        AttemptOutcome.Finished.class,
                        report -> assertThat(
                                        new String(report.publications().get(0).value(), UTF_8))
                                .contains("attempt 1"));
        assertThat(before.poll()).isNull();
    }

    private Object listens(Task task, TaskContext context) {
        begun.incrementAndGet();
        while (true) {
            context.checkCancelled();
        }
    }

    /** A stream thread that waits for records has to log that its partition is left in peace, and is not asked again later. */
    @Test
    void wakesTheStreamThreadToLeaveAndWaitsUntilItHas() throws InterruptedException {
        var woken = new AtomicInteger();
        var attemptQueue = new AttemptQueue(woken::incrementAndGet, metrics);
        attemptQueue.expectToBeLeft();
        dispatcher.open(attemptQueue);

        assertThat(dispatcher.drain(Duration.ZERO)).isFalse();
        assertThat(woken).hasPositiveValue();
        attemptQueue.left();
        assertThat(dispatcher.drain(Duration.ZERO)).isTrue();
    }

    @Test
    void runsNoMoreOfAHandlerAtOnceThanItsLimit() {
        var attemptQueue = open();
        var limited = gated().limited(new HandlerLimits(2, null));
        for (int i = 0; i < 4; i++) {
            dispatcher.submit(attempt(attemptQueue, i, limited));
        }
        dispatcher.submit(attempt(
                attemptQueue, 0, Task.named("free").id("free").build(), (task, context) -> begun.addAndGet(10)));

        assertThat(outcome(attemptQueue).id()).isEqualTo("free");
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 12);
        assertThat(dispatcher.running()).isEqualTo(2);
        gate.countDown();

        for (int i = 0; i < 4; i++) {
            assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
        }
        assertThat(begun).hasValue(14);
    }

    /** Celery's {@code 20/s} is one every 50 ms, not twenty at once. */
    @Test
    void spacesTheTasksOfAHandlerByItsRate() {
        var attemptQueue = open();
        var starts = new ConcurrentLinkedQueue<Instant>();
        var rated = Handler.of("rated", (task, context) -> starts.add(Instant.now()))
                .limited(new HandlerLimits(null, RateLimit.parse("20/s")));
        for (int i = 0; i < 6; i++) {
            dispatcher.submit(attempt(attemptQueue, i, rated));
        }
        for (int i = 0; i < 6; i++) {
            assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
        }

        var sorted = starts.stream().sorted().toList();
        assertThat(Duration.between(sorted.get(0), sorted.get(5))).isBetween(Duration.ofMillis(245), ofSeconds(5));
    }

    /** The thread that is busy does not come round in time, and the one that is woken finds that the rate does not let it begin. */
    @Test
    void beginsAnAttemptOfManyWhenTheRateOfItsHandlerLetsIt() {
        var attemptQueue = open();
        dispatcher.submit(gated(attemptQueue, 0));
        var rated =
                Handler.of("rated", (task, context) -> null).limited(new HandlerLimits(null, RateLimit.parse("1/s")));
        dispatcher.submit(attempt(attemptQueue, 1, rated));
        assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
        await().atMost(ofSeconds(10)).until(() -> dispatcher.running() == 1);

        dispatcher.submitOneOfMany(attempt(attemptQueue, 2, rated));
        dispatcher.submitted();

        assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
    }

    /** An attempt that is given up gives its place under the handler's limit to the next. */
    @Test
    void countsAGivenUpAttemptAsEnded() {
        var attemptQueue = open();
        var deaf = Handler.of("deaf", (task, context) -> {
                    while (gate.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return null;
                })
                .limited(new HandlerLimits(1, null));
        dispatcher.submit(attempt(attemptQueue, limited("deaf"), deaf));
        var next = Handler.of("deaf", (task, context) -> "done").limited(new HandlerLimits(1, null));
        dispatcher.submit(attempt(attemptQueue, Task.named("deaf").id("next").build(), next));

        assertThat(outcome(attemptQueue).id()).isEqualTo("deaf");
        assertThat(outcome(attemptQueue).id()).isEqualTo("next");
    }

    /** A setting that changes meanwhile counts what runs; an attempt that is given up runs on, and has no place any more. */
    @Test
    void countsAGivenUpAttemptAsEndedAlsoWhenTheSettingsChange() {
        var attemptQueue = open();
        var deaf = Handler.of("deaf", (task, context) -> {
                    while (gate.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return null;
                })
                .limited(new HandlerLimits(1, null));
        dispatcher.submit(attempt(attemptQueue, limited("deaf"), deaf));
        assertThat(outcome(attemptQueue).id()).isEqualTo("deaf");
        set(LiveSetting.ofQueue("other", "1", "ada", Instant.EPOCH, true, null));
        gate.countDown();
        var next = Handler.of("deaf", (task, context) -> "done").limited(new HandlerLimits(1, null));
        dispatcher.submit(attempt(attemptQueue, Task.named("deaf").id("next").build(), next));

        assertThat(outcome(attemptQueue).id()).isEqualTo("next");
    }

    @Test
    void keepsToARaisedRateAtOnce() {
        var attemptQueue = open();
        var rated =
                Handler.of("rated", (task, context) -> null).limited(new HandlerLimits(null, RateLimit.parse("1/h")));
        for (int i = 0; i < 4; i++) {
            dispatcher.submit(attempt(attemptQueue, i, rated));
        }
        assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
        set(LiveSetting.ofLimits(LiveSetting.Kind.HANDLER, "rated", "1", "ada", Instant.EPOCH, null, "20/s", null));
        for (int i = 1; i < 4; i++) {
            assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
        }
    }

    @Test
    void beginsNothingOfAPausedQueueAndAllOfItAfterwards() {
        var attemptQueue = open();
        set(LiveSetting.ofQueue("default", "1", "ada", Instant.EPOCH, true, null));
        gate.countDown();
        for (int i = 0; i < 20; i++) {
            dispatcher.submit(attempt(attemptQueue, i, gated()));
        }
        assertThat(attemptQueue.waiting().forThread()).isEqualTo(20);
        set(LiveSetting.ofQueue("default", "2", "ada", Instant.EPOCH, false, null));
        for (int i = 0; i < 20; i++) {
            assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
        }
        assertThat(begun).hasValue(20);
    }

    /** The busy threads go one by one as their attempts end, and come back when the number is raised. */
    /** Long attempts do not keep those behind them waiting, and a thread that is busy is not joined by another for a short one. */
    @Test
    void wakesThreadsForManyAttemptsAtOnceOrWhenItIsTold() {
        var attemptQueue = open();
        for (int partition = 0; partition < 4; partition++) {
            dispatcher.submitOneOfMany(gated(attemptQueue, partition));
        }
        await().atMost(ofSeconds(10)).until(() -> begun.get() == 1);
        assertThat(dispatcher.running()).isEqualTo(1);

        dispatcher.submitted();

        await().atMost(ofSeconds(10)).until(() -> begun.get() == 4);
    }

    @Test
    void followsTheConcurrencyDownAndUp() {
        var attemptQueue = open();
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var go = new Semaphore(0);
        var counted = Handler.of("counted", (task, context) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            go.acquire();
            return running.decrementAndGet();
        });
        for (int i = 0; i < 30; i++) {
            dispatcher.submit(attempt(attemptQueue, i, counted));
        }
        await().until(() -> running.get() == dispatcher.concurrency());
        set(LiveSetting.ofLimits(LiveSetting.Kind.WORKER, LiveSetting.ALL, "1", "ada", Instant.EPOCH, 1, null, null));
        go.release(dispatcher.configuredConcurrency() + 3);
        await().until(() -> running.get() == 1);
        set(LiveSetting.ofLimits(LiveSetting.Kind.WORKER, LiveSetting.ALL, "2", "ada", Instant.EPOCH, 6, null, null));
        await().until(() -> running.get() == 6);
        go.release(1_000);
        for (int i = 0; i < 30; i++) {
            assertThat(outcome(attemptQueue)).isInstanceOf(AttemptOutcome.Finished.class);
        }
        assertThat(most.get()).isLessThanOrEqualTo(6);
    }

    private void set(LiveSetting setting) {
        live.put(setting);
        dispatcher.settingsChanged();
    }

    private Handler gated() {
        return Handler.of("gated", (task, context) -> {
            begun.incrementAndGet();
            gate.await();
            return null;
        });
    }

    private static Attempt attempt(AttemptQueue attemptQueue, int number, Handler handler) {
        return attempt(attemptQueue, Task.named(handler.name()).id("t" + number).build(), handler);
    }

    private static Attempt attempt(AttemptQueue attemptQueue, Task task, Handler handler) {
        var like = attempt(attemptQueue, 0, task, handler.call());
        return new Attempt(attemptQueue, like.accepted(), handler);
    }

    private Dispatcher dispatcher(int concurrency) {
        var clock = InstantSource.system();
        var runner = new AttemptRunner(
                new OutcomeRecords(new Topics("celeriac"), "worker-1", 1 << 20, new HandlerRegistry(List.of())),
                Revocations.NONE,
                topic -> {},
                List.of(),
                clock,
                new Random(7),
                new AttemptRunner.TimeLimits(timer, threads, Duration.ofMillis(200)),
                GroupLists.NONE);
        return new Dispatcher(threads, timer, concurrency, runner, clock, live);
    }

    private AttemptQueue open() {
        var attemptQueue = new AttemptQueue(() -> {}, metrics);
        dispatcher.open(attemptQueue);
        return attemptQueue;
    }

    private void close(AttemptQueue attemptQueue) {
        attemptQueue.close();
        dispatcher.forget(attemptQueue);
    }

    private static Task limited(String id) {
        return Task.named(id).id(id).timeLimit(Duration.ofMillis(100)).build();
    }

    private Attempt gated(AttemptQueue attemptQueue, int partition) {
        return attempt(attemptQueue, partition, Task.named("gated").id("x").build(), (task, context) -> {
            begun.incrementAndGet();
            gate.await();
            return null;
        });
    }

    /** Emits a child when it is told to, and ends when the gate is opened. */
    private Attempt emitting(AttemptQueue attemptQueue, CountDownLatch when) {
        return attempt(attemptQueue, 0, Task.named("gated").id("x").build(), (task, context) -> {
            begun.incrementAndGet();
            when.await();
            context.submit(Task.named("child").build());
            begun.incrementAndGet();
            gate.await();
            return null;
        });
    }

    private static AcceptedTask ofRecord(long offset) {
        return AcceptedTask.first(origin(0, offset), Task.named("gated").id("x").build(), Instant.EPOCH);
    }

    private static Attempt attempt(AttemptQueue attemptQueue, int partition, Task task, Handler.Call call) {
        var accepted = AcceptedTask.first(origin(partition, 7), task, Instant.EPOCH);
        return new Attempt(attemptQueue, accepted, Handler.of(task.task(), call));
    }

    private static Attempt ofQueue(String queue, AttemptQueue attemptQueue, String id, Handler.Call call) {
        var origin = new SourceRecord(queue, "t", 0, 7, Instant.EPOCH, null, new byte[0], new RecordHeaders());
        var task = Task.named(id).id(id).build();
        return new Attempt(attemptQueue, AcceptedTask.first(origin, task, Instant.EPOCH), Handler.of(id, call));
    }

    private static SourceRecord origin(int partition, long offset) {
        return new SourceRecord(
                "default",
                "celeriac.tasks.default",
                partition,
                offset,
                Instant.EPOCH,
                null,
                new byte[0],
                new RecordHeaders());
    }

    private static AttemptOutcome outcome(AttemptQueue attemptQueue) {
        return await().atMost(ofSeconds(10)).until(attemptQueue::poll, report -> report != null);
    }
}
