package io.celeriac.engine.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Partitions move whenever a worker comes or goes, and user code runs for hours. A move must not make it run twice where
 * that can be helped: what ends while its partition is handed over is published by the next owner, and what still runs when
 * its partition comes back is adopted instead of begun again.
 *
 * <p>The second worker has no handler for these tasks: it would keep them, so whatever has an outcome got it from the first.
 */
class AdoptionIT {

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("adoption"), 2);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());
    private final ConsumerGroup group = new ConsumerGroup(TestStack.kafka().bootstrapServers(), queue);
    private final Handler note = Handler.of("note", (task, context) -> null);
    private final Handler gated = Handler.of("gated", (task, context) -> {
        ran.add(context.id());
        gate.await();
        return context.id();
    });

    private final CountDownLatch emit = new CountDownLatch(1);
    private final Queue<String> emitted = new ConcurrentLinkedQueue<>();
    private final Handler emitting = Handler.of("emitting", (task, context) -> {
        ran.add(context.id());
        emit.await();
        emitted.add(context.submit(Task.named("note").build()));
        gate.await();
        return context.id();
    });

    @AfterEach
    void close() {
        emit.countDown();
        gate.countDown();
        workers.close();
        group.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void adoptsAnAttemptWhosePartitionComesBack(Guarantee guarantee) {
        var first = workers.start(guarantee, List.of(note, emitting), Map.of("drain-timeout", "PT1S"));
        sendToBoth("emitting", "long");
        await().atMost(ofSeconds(30)).until(() -> ran.size() == 2);

        var second = workers.start(guarantee, List.of(note), Map.of());
        awaitOwners(Set.of(1));
        noteInBoth("while-away");
        emit.countDown();
        await().atMost(ofSeconds(30)).until(() -> emitted.size() == 2);
        workers.stop(second);
        awaitOwners(Set.of(2));
        noteInBoth("back");
        noteInBoth("in-line"); // a note is published by the pass that takes up what was restored, or by a later one

        assertThat(queue.states()).doesNotContainKeys("long-0", "long-1");
        gate.countDown();
        var states = queue.awaitFinal(10);

        assertThat(ran).containsExactlyInAnyOrder("long-0", "long-1");
        assertThat(states).as("what was emitted while away").containsKeys(emitted.toArray(String[]::new));
        assertThat(List.of(states.get("long-0"), states.get("long-1"))).allSatisfy(result -> {
            assertThat(result.state()).isEqualTo(TaskState.SUCCESS);
            assertThat(result.worker()).isEqualTo(first.id());
            assertThat(result.attempt()).isEqualTo(1);
        });
        noteInBoth("after");
        assertThat(queue.outcomes().values()).containsOnly(1L);
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void publishesElsewhereWhatEndedWhileItsPartitionMoved(Guarantee guarantee) {
        var first = workers.start(guarantee, List.of(note, gated), Map.of("drain-timeout", "PT20S"));
        sendToBoth("gated", "one");
        sendToBoth("gated", "two");
        await().atMost(ofSeconds(30)).until(() -> ran.size() == 4);

        workers.start(guarantee, List.of(note), Map.of());
        await().atMost(ofSeconds(30)).until(AdoptionIT::isHandingOver);
        gate.countDown();
        awaitOwners(Set.of(1));
        var states = queue.awaitFinal(4);

        assertThat(states.values()).allSatisfy(result -> {
            assertThat(result.state()).isEqualTo(TaskState.SUCCESS);
            assertThat(result.worker()).isEqualTo(first.id());
        });
        assertThat(ran).hasSize(4);
        noteInBoth("after");
        assertThat(queue.outcomes().values()).containsOnly(1L);
    }

    private void sendToBoth(String task, String id) {
        for (int partition = 0; partition < 2; partition++) {
            var value = Task.named(task).id(id + "-" + partition).build();
            queue.send(partition, id.getBytes(UTF_8), TaskJson.bytes(value));
        }
    }

    private void noteInBoth(String id) {
        sendToBoth("note", id);
        queue.awaitStates(id, states -> states.containsKey(id + "-0") && states.containsKey(id + "-1"));
    }

    /** Waits until each worker has that many partitions. */
    private void awaitOwners(Set<Integer> counts) {
        await().atMost(ofSeconds(60)).until(() -> {
            var owners = group.owners();
            return owners.values().stream().mapToInt(Set::size).sum() == 2
                    && owners.values().stream().map(Set::size).allMatch(counts::contains);
        });
    }

    /** A stream thread waits for what runs in a partition that it loses. */
    private static boolean isHandingOver() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(AttemptQueue.class.getName())
                        && frame.getMethodName().equals("awaitIdle"));
    }
}
