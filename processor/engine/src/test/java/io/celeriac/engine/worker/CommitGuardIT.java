package io.celeriac.engine.worker;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.stream.ForgetfulEngine;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * That tasks survive hangs on one call inside of Streams: the store is flushed before each commit. Should an upgrade of
 * Kafka leave it out, offsets would be committed over tasks that only the memory has, and the first crash would lose them
 * without a word. Instead the first such commit must stop the worker with nothing committed, so that the version before the
 * upgrade finds every task again.
 */
class CommitGuardIT {

    private static final int TASKS = 40;

    @TempDir
    private Path directory;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("guarded"), 2);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());

    private final ConsumerGroup group = new ConsumerGroup(TestStack.kafka().bootstrapServers(), queue);

    @BeforeAll
    static void letStreamThreadsFail() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterEach
    void close() {
        gate.countDown();
        workers.close();
        group.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void stopsAtTheFirstCommitThatWouldLoseTasks(Guarantee guarantee) {
        var soon = Instant.now().plusSeconds(3);
        for (int i = 0; i < TASKS; i++) {
            queue.submit(
                    Task.named("work").id("t" + i).eta(i % 2 == 0 ? soon : null).build());
        }
        queue.flush();
        var work = Handler.of("work", (task, context) -> {
            gate.await();
            return null;
        });

        try (var engine = new ForgetfulEngine(
                TestStack.kafka().bootstrapServers(),
                queue.topics().namespace(),
                guarantee == Guarantee.EXACTLY_ONCE,
                List.of(work),
                directory)) {
            await().atMost(ofSeconds(60)).until(() -> engine.state() == KafkaStreams.State.ERROR);
        }

        assertThat(queue.results()).isEmpty();
        assertThat(group.committed()).isEmpty();
        gate.countDown();
        workers.start(guarantee, List.of(work), Map.of());
        assertThat(queue.awaitFinal(TASKS).values())
                .hasSize(TASKS)
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
    }
}
