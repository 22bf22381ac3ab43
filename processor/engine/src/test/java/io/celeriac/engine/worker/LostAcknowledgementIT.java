package io.celeriac.engine.worker;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.stream.DyingEngine;
import io.celeriac.engine.stream.DyingEngine.Last;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Under at-least-once a task's offset is committed long before its result is sent; from then on only the changelog brings it
 * back. Its result and its removal go to different partitions, so a worker may die when the removal has been delivered and the
 * result has not. Such a task would be gone without a result: therefore no removal, and no mark that a task is done, may leave
 * before every result is acknowledged. The same engine without that barrier loses tasks here, which shows that the
 * schedule is possible and that this test sees it.
 */
class LostAcknowledgementIT {

    private static final Set<String> TASKS =
            IntStream.range(0, 20).mapToObj(i -> "t" + i).collect(Collectors.toSet());

    @TempDir
    private Path directory;

    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("unacknowledged"), 2);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());

    @AfterEach
    void close() {
        workers.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Last.class)
    void losesNothingWithTheBarrier(Last last) {
        die(last, true);

        finishTheRest();

        assertThat(queue.outcomes().keySet()).containsAll(TASKS);
    }

    @ParameterizedTest
    @EnumSource(Last.class)
    void losesTasksWithoutTheBarrier(Last last) {
        die(last, false);

        finishTheRest();

        assertThat(TASKS)
                .as("tasks without an outcome")
                .anySatisfy(id -> assertThat(queue.outcomes()).doesNotContainKey(id));
    }

    private void die(Last last, boolean barrier) {
        TASKS.forEach(id -> queue.submit(Task.named("work").id(id).build()));
        queue.flush();
        try (var engine = ChildProcess.startJava(
                "dying engine",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                DyingEngine.class,
                List.of(
                        TestStack.kafka().bootstrapServers(),
                        queue.topics().namespace(),
                        directory.resolve("state").toString(),
                        last.name(),
                        Boolean.toString(barrier)),
                directory.resolve("engine.log"))) {
            engine.awaitLog(DyingEngine.DIES, ofSeconds(90));
            await().atMost(ofSeconds(30)).until(() -> !engine.isAlive());
        }
    }

    /**
     * What was restored gets in line with the first pass, and the last of all has the lowest priority on the one thread there is:
     * when it has ended, and one before it, nothing waits any more. No task is suspected of the death, or it would have to wait.
     */
    private void finishTheRest() {
        var work = Handler.of("work", (task, context) -> context.id());
        workers.start(Guarantee.AT_LEAST_ONCE, List.of(work), Map.of("concurrency", 1, "max-deaths", 0));
        for (var last : List.of("one-but-last", "last")) {
            for (int partition = 0; partition < 2; partition++) {
                var id = last + "-" + partition;
                queue.send(
                        partition,
                        null,
                        TaskJson.bytes(Task.named("work").id(id).priority(0).build()));
            }
            queue.awaitStates(last, states -> states.containsKey(last + "-0") && states.containsKey(last + "-1"));
        }
    }
}
