package io.celeriac.engine.worker;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A send that fails for good makes Streams close the task of the partition and begin it again, the same processor on the same
 * thread under at-least-once, and on a new thread under exactly-once. Its new life must know all that the old one did: what was
 * parked, what waits for its retry, what still runs, and that its timer has to tick again although no record comes.
 */
class RevivedPartitionIT {

    private static final String ID = "reviving";

    /** On the worker's clock alone, which stands still until the partition has come to life again. */
    private static final Duration LATER = ofHours(1);

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("revived"), 1);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());

    @BeforeAll
    static void letStreamThreadsFail() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterEach
    void close() {
        gate.countDown();
        workers.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void knowsInItsNewLifeWhatItKnewInTheOld(Guarantee guarantee) throws Exception {
        var clock = MutableClock.at(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        workers.start(guarantee, handlers(), Map.of("id", ID), clock);
        var later = clock.instant().plus(LATER);
        for (int i = 0; i < 5; i++) {
            queue.submit(Task.named("note").id("parked-" + i).eta(later).build());
        }
        queue.submit(Task.named("gated").id("gated").build());
        queue.submit(Task.named("flaky").id("flaky").build());
        queue.awaitStates("waits for its retry", states -> states.containsKey("flaky"));
        await().atMost(ofSeconds(30)).until(() -> ran.contains("gated"));

        queue.limitResults(700);
        queue.submit(Task.named("note")
                .id("victim")
                .label("large", "x".repeat(3_000))
                .build());
        await().atMost(ofSeconds(60)).until(() -> timesRun("victim") >= 3);
        queue.limitResults(1 << 20);
        queue.awaitStates("the victim", states -> states.containsKey("victim"));
        gate.countDown();
        queue.awaitStates("the one that ran all the time", states -> states.containsKey("gated"));
        assertThat(ran).doesNotContain("parked-3");
        assertThat(queue.states().get("flaky").attempt()).isEqualTo(1);
        clock.advance(LATER);
        var states = queue.awaitFinal(8);

        assertThat(states.values())
                .hasSize(8)
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
        assertThat(states.get("flaky").attempt()).isEqualTo(2);
        assertThat(states.get("parked-3").startedAt()).isAfterOrEqualTo(later);
        assertThat(timesRun("gated")).isEqualTo(1);
        if (guarantee == Guarantee.AT_LEAST_ONCE) {
            assertThat(streamThreads()).containsExactly(ID + ".default-StreamThread-1");
        }
    }

    private long timesRun(String id) {
        return ran.stream().filter(id::equals).count();
    }

    private static List<String> streamThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches(ID + "\\.default-StreamThread-\\d+"))
                .toList();
    }

    private List<Handler> handlers() {
        var later = new Backoff(Backoff.Kind.FIXED, LATER, LATER, false);
        return List.of(
                Handler.of("note", (task, context) -> ran.add(context.id())),
                Handler.of("gated", (task, context) -> {
                    ran.add(context.id());
                    gate.await();
                    return null;
                }),
                new Handler(
                        "flaky",
                        (task, context) -> {
                            if (context.attempt() == 1) {
                                throw new IOException("first");
                            }
                            return null;
                        },
                        new RetryPolicy(3, later, List.of(IOException.class), List.of()),
                        null));
    }
}
