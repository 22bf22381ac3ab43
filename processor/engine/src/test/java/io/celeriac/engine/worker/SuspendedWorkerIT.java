package io.celeriac.engine.worker;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that is suspended for longer than its session (a paused virtual machine, a long collection of garbage) has lost its
 * partitions and does not know. What it logs when it goes on comes after what their new owner has logged: tasks that were finished
 * meanwhile must not run again when the partitions move once more. Nothing is remembered of finished tasks here, so that nothing else
 * hides it.
 */
class SuspendedWorkerIT {

    private static final int TASKS = 4_000;
    private static final int LATER = 20; // in all partitions
    private static final Map<String, Object> NOTHING_REMEMBERED = Map.of("deduplication", "PT0S");

    @TempDir
    private Path directory;

    private final String kafka = TestStack.kafka().bootstrapServers();
    private final TestQueue queue = new TestQueue(kafka, TestStack.uniqueName("suspended"), 2);
    private final TestWorkers workers = new TestWorkers(queue, kafka);
    private final ConsumerGroup group = new ConsumerGroup(kafka, queue);

    @AfterEach
    void close() {
        workers.close();
        group.close();
        queue.close();
    }

    @Test
    void bringsNothingBackThatItsSuccessorHasFinished() throws Exception {
        for (int i = 0; i < TASKS; i++) {
            queue.submit(Task.named("work").id("t" + i).build());
        }
        queue.flush();
        var suspended = ChildProcess.startJava(
                "suspended",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KillableWorker.class,
                List.of(
                        kafka,
                        queue.topics().namespace(),
                        Guarantee.AT_LEAST_ONCE.name(),
                        "0",
                        "celeriac.worker.deduplication=PT0S"),
                directory.resolve("suspended.log"));
        try {
            queue.awaitStates("some are done", states -> states.size() > 200);
            signal("STOP", suspended);
            var ran = ConcurrentHashMap.<String>newKeySet();
            var successor = workers.start(Guarantee.AT_LEAST_ONCE, List.of(noting(ran)), NOTHING_REMEMBERED);
            queue.awaitFinal(TASKS);

            signal("CONT", suspended);
            await("it is back in the group")
                    .atMost(ofSeconds(60))
                    .until(() -> group.owners().size() == 2);
            suspended.kill();
            workers.stop(successor);

            var again = ConcurrentHashMap.<String>newKeySet();
            workers.start(Guarantee.AT_LEAST_ONCE, List.of(noting(again)), NOTHING_REMEMBERED);
            for (int i = 0; i < LATER; i++) {
                queue.submit(Task.named("work").id("later" + i).build());
            }
            queue.awaitFinal(TASKS + LATER);
            assertThat(again).hasSize(LATER).allMatch(id -> id.startsWith("later"));
        } finally {
            suspended.kill();
        }
    }

    private static Handler noting(Set<String> ran) {
        return Handler.of("work", (task, context) -> ran.add(context.id()));
    }

    private static void signal(String signal, ChildProcess process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
