package io.celeriac.engine.worker;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers on a real broker: what the test driver cannot show, rebalances, restores and both guarantees. */
class WorkerIT {

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private TestQueue queue;
    private TestWorkers workers;

    @BeforeAll
    static void letStreamThreadsFail() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault(); // a failed one is replaced, as it should be
    }

    @AfterEach
    void close() {
        gate.countDown();
        if (queue != null) {
            workers.close();
            queue.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void bringsEachTaskToOneOutcome(Guarantee guarantee) {
        queue(8);
        start(guarantee);
        for (int i = 0; i < 2_000; i++) {
            queue.submit(Task.named("note").id("t" + i).build());
        }

        assertThat(queue.awaitFinal(2_000).values())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
        assertThat(queue.outcomes())
                .hasSize(2_000)
                .allSatisfy((id, outcomes) -> assertThat(outcomes).isEqualTo(1));
        assertThat(ran).hasSize(2_000);
    }

    /** A task that waits for its time, or for its retry, must survive its worker: it lives in the changelog alone. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void bringsBackWhatWaitedWhenItsWorkerStopped(Guarantee guarantee) {
        queue(4);
        var clock = MutableClock.at(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        var first = workers.start(guarantee, handlers(), Map.of("drain-timeout", "PT10S"), clock, metrics);
        var soon = clock.instant().plus(ofHours(1));
        for (int i = 0; i < 50; i++) {
            queue.submit(Task.named("note").id("parked" + i).eta(soon).build());
        }
        queue.submit(Task.named("flaky").id("flaky").build());
        queue.submit(Task.named("note").id("done").build());
        queue.awaitStates(
                "the first attempt has failed", states -> states.containsKey("flaky") && states.containsKey("done"));
        workers.stop(first);
        assertThat(ran).containsExactlyInAnyOrder("flaky", "done");

        workers.start(guarantee, handlers(), Map.of("drain-timeout", "PT10S"), clock, metrics);
        clock.advance(ofHours(1));
        var states = queue.awaitFinal(52);

        assertThat(states.get("flaky").attempt()).isEqualTo(2);
        assertThat(states.values())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
        assertThat(states.get("parked7").startedAt()).isAfterOrEqualTo(soon);
        assertThat(ran).hasSize(53);
        assertThat(queue.outcomes())
                .allSatisfy((id, outcomes) -> assertThat(outcomes).isEqualTo(1));
    }

    /** A stop that is asked for must not make a running task run twice. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void letsWhatRunsFinishWhenItStops(Guarantee guarantee) {
        queue(4);
        var worker = start(guarantee);
        for (int i = 0; i < 4; i++) {
            queue.submit(Task.named("gated").id("t" + i).build());
        }
        await().atMost(ofSeconds(30)).until(() -> ran.size() == 4);

        var stopping = new Thread(() -> workers.stop(worker));
        stopping.start();
        gate.countDown();

        assertThat(queue.awaitFinal(4)).hasSize(4);
        await().atMost(ofSeconds(30)).until(() -> !stopping.isAlive());
        start(guarantee);
        queue.submit(Task.named("note").id("after").build());
        queue.awaitFinal(5);
        assertThat(ran).hasSize(5);
    }

    /** A partition that moves while its tasks run is drained: what ends in time is handed over with its outcome. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void runsNothingTwiceWhenAWorkerJoins(Guarantee guarantee) {
        queue(8);
        start(guarantee);
        for (int i = 0; i < 60; i++) {
            queue.submit(Task.named("second").id("t" + i).build());
        }
        await().atMost(ofSeconds(30)).until(() -> ran.size() >= 4);
        start(guarantee);

        assertThat(queue.awaitFinal(60)).hasSize(60);
        assertThat(ran).doesNotHaveDuplicates();
        assertThat(queue.outcomes())
                .allSatisfy((id, outcomes) -> assertThat(outcomes).isEqualTo(1));
    }

    /**
     * A result that the broker refuses must not be the end of its task. Streams closes the task and flushes its store once more
     * as it does: nothing may then be logged as done, or the task is gone and has no result.
     */
    @ParameterizedTest
    @ValueSource(strings = {"note", "second"})
    void bringsATaskBackWhoseResultWasRefused(String handler) throws Exception {
        queue(1);
        start(Guarantee.AT_LEAST_ONCE, "commit-interval", handler.equals("note") ? "PT2S" : "PT0.1S");
        queue.limitResults(700);
        queue.submit(Task.named(handler)
                .id("victim")
                .label("large", "x".repeat(3_000))
                .build());
        queue.submit(Task.named("second").id("bystander").build());
        await().atMost(ofSeconds(30))
                .until(() -> ran.stream().filter("victim"::equals).count() >= 2);

        queue.limitResults(1 << 20);

        assertThat(queue.awaitFinal(2)).containsOnlyKeys("victim", "bystander");
    }

    /** It would be refused again and again, so the worker says it before it takes a task. */
    @Test
    void refusesToStartWhereAResultMayBeTooLargeForItsTopic() throws Exception {
        queue(1);
        queue.limitResults(700);

        assertThatThrownBy(() -> start(Guarantee.AT_LEAST_ONCE))
                .hasMessageContaining(queue.topics().results())
                .hasMessageContaining("max.message.bytes");
    }

    /** Asked from any thread, answered by the one that owns the partition. */
    @Test
    void saysWhyATaskWaits() {
        queue(2);
        var worker = start(Guarantee.AT_LEAST_ONCE);
        var eta = Instant.now().plusSeconds(600);
        queue.submit(Task.named("note").id("parked").eta(eta).build());
        queue.submit(Task.named("gated").id("runs").build());
        await().atMost(ofSeconds(30)).until(() -> ran.contains("runs"));

        await().atMost(ofSeconds(30))
                .until(() -> worker.explain("parked", ofSeconds(5)).isPresent());
        var parked = worker.explain("parked", ofSeconds(5)).orElseThrow();
        assertThat(parked.stage()).isEqualTo(Stage.ETA);
        assertThat(parked.until()).isBetween(eta, eta.plusMillis(1));
        assertThat(worker.explain("runs", ofSeconds(5)).orElseThrow().stage()).isEqualTo(Stage.RUNNING);
        assertThat(worker.explain("nobody", ofSeconds(5))).isEmpty();
    }

    @Test
    void pausesAPartitionWhoseWindowIsFullAndTakesMoreLater() {
        queue(1);
        submit(5_000, i -> Task.named("gated").id("t" + i));
        start(Guarantee.AT_LEAST_ONCE, "window", 10, "concurrency", 2);

        awaitPause();
        gate.countDown();
        assertThat(queue.awaitFinal(5_000)).hasSize(5_000);
    }

    @Test
    void pausesAPartitionThatHasEnoughParkedAndTakesMoreLater() {
        queue(1);
        var clock = MutableClock.at(Instant.now());
        submit(5_000, i -> Task.named("note").id("t" + i).eta(clock.instant().plusSeconds(600)));
        workers.start(Guarantee.AT_LEAST_ONCE, handlers(), Map.of("max-parked", 10), clock, metrics);

        awaitPause();
        clock.advance(ofSeconds(700));
        assertThat(queue.awaitFinal(5_000)).hasSize(5_000);
    }

    /** What was fetched before the pause is taken all the same: {@code max.poll.records} of the consumer, and as many of Streams. */
    private void awaitPause() {
        await().atMost(ofSeconds(30)).until(() -> count("celeriac.partitions.paused") > 0);
        await().during(ofSeconds(2)).atMost(ofSeconds(10)).until(() -> count("celeriac.tasks.accepted") <= 10 + 2_000);
    }

    private double count(String meter) {
        return metrics.get(meter).counter().count();
    }

    private void submit(int tasks, IntFunction<Task.Builder> task) {
        for (int i = 0; i < tasks; i++) {
            queue.submit(task.apply(i).build());
        }
        queue.flush();
    }

    /** A task that the worker takes and its changelog does not would fail its partition again and again. */
    @Test
    void givesItsChangelogRoomForWhatItTakesAndRefusesToStartOnOneThatHasLess() throws Exception {
        queue(1);
        workers.stop(start(Guarantee.AT_LEAST_ONCE));
        var changelog = queue.topics().namespace() + ".worker.default-unfinished-tasks-changelog";
        assertThat(queue.limitOf(changelog)).isEqualTo(1 << 20);

        queue.limit(changelog, 700);

        assertThatThrownBy(() -> start(Guarantee.AT_LEAST_ONCE))
                .hasMessageContaining(changelog)
                .hasMessageContaining("max.message.bytes 700")
                .hasMessageContaining(Integer.toString(1 << 20));
    }

    private void queue(int partitions) {
        queue = new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("worker"), partitions);
        workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());
    }

    private Worker start(Guarantee guarantee, Object... more) {
        var settings = new HashMap<String, Object>(Map.of("drain-timeout", "PT10S"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i].toString(), more[i + 1]);
        }
        return workers.start(guarantee, handlers(), settings, InstantSource.system(), metrics);
    }

    private List<Handler> handlers() {
        var retry = new RetryPolicy(
                3,
                new Backoff(Backoff.Kind.FIXED, ofSeconds(5), ofSeconds(5), false),
                List.of(IOException.class),
                List.of());
        return List.of(
                Handler.of("note", (task, context) -> ran.add(context.id())),
                Handler.of("gated", (task, context) -> {
                    ran.add(context.id());
                    gate.await();
                    return null;
                }),
                Handler.of("second", (task, context) -> {
                    ran.add(context.id());
                    Thread.sleep(1_000);
                    return null;
                }),
                new Handler(
                        "flaky",
                        (task, context) -> {
                            ran.add(context.id());
                            if (context.attempt() == 1) {
                                throw new IOException("first");
                            }
                            return null;
                        },
                        retry,
                        null));
    }
}
