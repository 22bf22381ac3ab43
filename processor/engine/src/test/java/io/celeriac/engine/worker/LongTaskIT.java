package io.celeriac.engine.worker;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.stream.ImpatientEngine;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A task that runs much longer than {@code max.poll.interval.ms} must not cost its worker the place in the group, nor hold up
 * others: with user code on the stream thread the member would be thrown out, its partitions would move, and the task
 * would begin again elsewhere, for ever. Nor may it hold back the offsets: everything else would run again after a crash.
 */
class LongTaskIT {

    private static final int OTHERS = 300;

    @TempDir
    private Path directory;

    private final Queue<String> ranAgain = new ConcurrentLinkedQueue<>();
    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("long"), 2);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());
    private final ConsumerGroup group = new ConsumerGroup(TestStack.kafka().bootstrapServers(), queue);

    @AfterEach
    void close() {
        workers.close();
        group.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void neitherLosesItsWorkersPlaceNorHoldsOthersUp(Guarantee guarantee) throws IOException {
        var end = directory.resolve("end");
        try (var engine = start(guarantee, end)) {
            await().atMost(ofSeconds(60)).until(() -> !group.owners().isEmpty());
            var owners = group.owners();
            queue.submit(Task.named("long").id("long").trackStarted(true).build());
            var began = queue.awaitStates("it has begun", states -> states.containsKey("long"))
                    .get("long")
                    .startedAt();
            for (int i = 0; i < OTHERS; i++) {
                queue.submit(Task.named("work").id("t" + i).build());
            }
            queue.awaitFinal(OTHERS);
            await().atMost(ofSeconds(10)).until(() -> total(group.committed()) >= OTHERS + 1);
            var longEnough = began.plus(ImpatientEngine.MAX_POLL_INTERVAL.multipliedBy(2));
            await().atMost(ofSeconds(30)).until(() -> Instant.now().isAfter(longEnough));
            assertThat(queue.states().get("long").state()).isEqualTo(TaskState.STARTED);
            Files.createFile(end);

            var states = queue.awaitFinal(OTHERS + 1);

            assertThat(states.get("long").finishedAt()).isAfter(longEnough);
            assertThat(group.owners()).isEqualTo(owners);
            queue.submit(Task.named("work").id("behind").build());
            queue.awaitFinal(OTHERS + 2);
            await().atMost(ofSeconds(10)).until(() -> total(group.committed()) >= OTHERS + 2);
            engine.kill();
        }

        workers.start(guarantee, List.of(noted("long"), noted("work")), Map.of());
        queue.submit(Task.named("work").id("after").build());
        queue.awaitFinal(OTHERS + 3);

        assertThat(ranAgain).containsExactly("after");
        assertThat(queue.outcomes().values()).containsOnly(1L);
    }

    private Handler noted(String name) {
        return Handler.of(name, (task, context) -> ranAgain.add(context.id()));
    }

    /** How many records are behind the offsets: the topic has nothing but what this test has sent. */
    private static long total(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(offset -> offset).sum();
    }

    /** @param end a file whose appearance ends the long task */
    private ChildProcess start(Guarantee guarantee, Path end) {
        return ChildProcess.startJava(
                "impatient engine",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                ImpatientEngine.class,
                List.of(
                        TestStack.kafka().bootstrapServers(),
                        queue.topics().namespace(),
                        directory.resolve("state").toString(),
                        Boolean.toString(guarantee == Guarantee.EXACTLY_ONCE),
                        end.toString()),
                directory.resolve("engine.log"));
    }
}
