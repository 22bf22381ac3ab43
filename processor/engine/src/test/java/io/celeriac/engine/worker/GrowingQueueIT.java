package io.celeriac.engine.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.topic.QueueTopics;
import io.celeriac.engine.topic.UnfitTopicsException;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.NewPartitions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A queue that has become too slow gets more partitions, while it works. Kafka Streams dies of a changelog with fewer, and advises to delete it,
 * which would lose every task that waits. Nothing may be lost, run twice or get stuck, and nobody may read that advice.
 */
class GrowingQueueIT {

    private static final String KAFKA = TestStack.kafka().bootstrapServers();
    private static final int TASKS = 600;

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final MutableClock clock = MutableClock.at(Instant.now());
    private TestQueue queue;
    private TestWorkers workers;

    @BeforeAll
    static void letStreamThreadsFail() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @BeforeEach
    void begin() {
        queue = new TestQueue(KAFKA, TestStack.uniqueName("grow"), 2);
        workers = new TestWorkers(queue, KAFKA);
    }

    @AfterEach
    void close() {
        workers.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void worksOnWhileItsTopicGrows(Guarantee guarantee) {
        var two = start(guarantee);
        var parkedUntil = clock.instant().plus(ofHours(1)); // on the worker's clock alone: until the queue has grown
        for (int i = 0; i < 20; i++) {
            queue.submit(Task.named("note").id("parked" + i).eta(parkedUntil).build());
        }
        for (int i = 0; i < TASKS; i++) {
            if (i == TASKS / 3) {
                queue.grow(4);
            }
            queue.submit(Task.named("note").id("t" + i).build());
            LockSupport.parkNanos(5_000_000); // the load goes on while the queue grows
        }
        queue.flush();
        submitToEach(4);
        queue.awaitFinal(TASKS + 4);
        assertThat(ran).hasSize(TASKS + 4);
        clock.advance(ofHours(1));

        var states = queue.awaitFinal(TASKS + 24);

        assertThat(states).hasSize(TASKS + 24);
        assertThat(states.values())
                .allSatisfy(state -> assertThat(state.state()).isEqualTo(TaskState.SUCCESS));
        assertThat(ran).doesNotHaveDuplicates().hasSize(TASKS + 24);
        assertThat(failures()).isZero();
        assertThat(two.conditions().get("queue.default"))
                .isEqualTo(new Condition(Condition.Health.UP, "RUNNING", null));
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void startsOnATopicThatHasGrown(Guarantee guarantee) {
        var before = start(guarantee);
        queue.submit(Task.named("note")
                .id("parked")
                .eta(clock.instant().plus(ofHours(1)))
                .build());
        queue.submit(Task.named("note").id("before").build());
        queue.awaitFinal(1);
        workers.stop(before);
        queue.grow(4);
        submitToEach(4);

        start(guarantee);
        assertThat(queue.awaitFinal(5)).doesNotContainKey("parked");
        clock.advance(ofHours(1));

        assertThat(queue.awaitFinal(6)).hasSize(6);
        assertThat(ran).doesNotHaveDuplicates();
        assertThat(failures()).isZero();
    }

    /** The broker watches over the group there, and refuses it all members until its changelog fits. */
    @Test
    void worksOnUnderTheStreamsProtocol() {
        workers.startOnAnyPartitions(
                Guarantee.AT_LEAST_ONCE, handlers(), Map.of("group-protocol", "streams"), clock, metrics);
        queue.submit(Task.named("note").id("before").build());
        queue.awaitFinal(1);
        queue.grow(4);
        submitToEach(4);

        assertThat(queue.awaitFinal(5)).hasSize(5);
    }

    /** Another worker has let the changelog grow, and this one leads the group with what it knew before. */
    @Test
    void leadsWithOldMetadata() {
        start(Guarantee.AT_LEAST_ONCE);
        queue.submit(Task.named("note").id("before").build());
        queue.awaitFinal(1);
        queue.grow(4);
        growChangelog(4);

        start(Guarantee.AT_LEAST_ONCE); // its joining makes the first one lead a rebalance
        submitToEach(4);

        assertThat(queue.awaitFinal(5)).hasSize(5);
        assertThat(failures()).isZero();
    }

    @Test
    void doesNotStartOnATopicThatWasMadeAnewWithFewerPartitions() {
        var before = start(Guarantee.AT_LEAST_ONCE);
        queue.submit(Task.named("note").id("before").build());
        queue.awaitFinal(1);
        workers.stop(before);
        growChangelog(3);

        assertThatThrownBy(() -> start(Guarantee.AT_LEAST_ONCE))
                .isInstanceOf(UnfitTopicsException.class)
                .hasMessageContaining("has 2 partitions")
                .hasMessageContaining("has 3")
                .hasMessageContaining("--alter --topic " + queue.topics().tasks("default") + " --partitions 3");
    }

    private void submitToEach(int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            var task = Task.named("note").id("in" + partition).build();
            queue.send(partition, task.id().getBytes(UTF_8), TaskJson.bytes(task));
        }
    }

    private void growChangelog(int partitions) {
        var changelog = QueueTopics.of("default", queue.settings()).changelog();
        queue.with(admin -> admin.createPartitions(Map.of(changelog, NewPartitions.increaseTo(partitions)))
                .all());
    }

    private double failures() {
        return metrics.get("celeriac.stream.failures").counter().count();
    }

    private Worker start(Guarantee guarantee) {
        var worker = workers.startOnAnyPartitions(guarantee, handlers(), Map.of(), clock, metrics);
        assertThat(worker.awaitRunning(ofSeconds(60))).isTrue();
        return worker;
    }

    private List<Handler> handlers() {
        return List.of(Handler.of("note", (task, context) -> ran.add(context.id())));
    }
}
