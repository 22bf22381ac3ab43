package io.celeriac.engine.worker;

import static io.celeriac.contract.task.TaskState.REVOKED;
import static io.celeriac.contract.task.TaskState.SUCCESS;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.contract.control.Heartbeat.WaitingFor;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.Explanation;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** People change what workers do while they run: a real broker, real workers, and no restart but where one is the point. */
class LiveControlIT {

    private static final int PARTITIONS = 2;

    private final String bootstrapServers = TestStack.kafka().bootstrapServers();
    private final TestQueue queue = new TestQueue(bootstrapServers, TestStack.uniqueName("control"), PARTITIONS);
    private final TestWorkers workers = new TestWorkers(queue, bootstrapServers);
    private final Semaphore go = new Semaphore(0);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Map<String, Integer> begun = new ConcurrentHashMap<>();
    private final Handler waits = Handler.of("waits", (task, context) -> {
        begun.merge(context.id(), 1, Integer::sum);
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            go.acquire();
        } finally {
            running.decrementAndGet();
        }
        return null;
    });
    private final Handler quick = Handler.of("quick", (task, context) -> begun.merge(context.id(), 1, Integer::sum));

    @AfterEach
    void close() {
        go.release(1_000_000);
        workers.close();
        queue.close();
    }

    private Worker start(String id) {
        return workers.start(
                Guarantee.AT_LEAST_ONCE, List.of(waits, quick), Map.of("id", id, "drain-timeout", "PT10S"));
    }

    private void submit(String name, int from, int to) {
        for (int i = from; i < to; i++) {
            queue.submit(Task.named(name).id(name + i).build());
        }
        queue.flush();
    }

    private void pause(String id, boolean paused) {
        queue.set(LiveSetting.ofQueue("default", id, "ada", Instant.now(), paused, paused ? "a full disk" : null));
    }

    private void limit(String id, Kind kind, String target, @Nullable Integer concurrency, @Nullable String rate) {
        queue.set(LiveSetting.ofLimits(kind, target, id, "ada", Instant.now(), concurrency, rate, null));
    }

    private Heartbeat awaitHeartbeat(String worker, Predicate<Heartbeat> condition) {
        return await().atMost(ofSeconds(20))
                .until(
                        () -> Optional.ofNullable(queue.heartbeats().get(worker)),
                        heartbeat -> heartbeat.filter(condition).isPresent())
                .orElseThrow();
    }

    private Heartbeat awaitAcknowledged(String worker, String id) {
        return awaitHeartbeat(worker, heartbeat -> acknowledged(heartbeat, id));
    }

    private static boolean acknowledged(Heartbeat heartbeat, String id) {
        return heartbeat.acknowledged().stream().anyMatch(one -> one.id().equals(id) && one.failure() == null);
    }

    private static long waiting(Heartbeat heartbeat, WaitingFor reason) {
        return partitions(heartbeat).stream()
                .mapToLong(part -> part.waiting() == null ? 0 : part.waiting().getOrDefault(reason, 0L))
                .sum();
    }

    private static List<PartitionPart> partitions(Heartbeat heartbeat) {
        return heartbeat.queues().stream()
                .flatMap(part -> part.partitions().stream())
                .toList();
    }

    @Test
    void holdsAPausedQueueAlsoOverARestartAndLetsRunningAttemptsEnd() {
        var worker = start("one");
        submit("waits", 0, 1);
        await().until(() -> running.get() == 1);
        pause("p1", true);
        awaitAcknowledged("one", "p1");
        submit("quick", 0, 20);
        go.release();
        queue.awaitStates(
                "the running attempt ends", states -> states.get("waits0").state() == SUCCESS);

        var heartbeat = awaitHeartbeat("one", now -> waiting(now, WaitingFor.PAUSE) == 20);
        assertThat(partitions(heartbeat))
                .anySatisfy(part -> assertThat(part.oldestReadyAt()).isNotNull());
        assertThat(worker.explain("quick7", ofSeconds(5)).map(Explanation::stage))
                .contains(Stage.PAUSE);

        workers.stop(worker);
        start("two");
        awaitHeartbeat("two", now -> waiting(now, WaitingFor.PAUSE) == 20);
        assertThat(begun).containsOnlyKeys("waits0");

        pause("p2", false);
        queue.awaitStates(
                "all run",
                states -> states.values().stream()
                                .filter(done -> done.state() == SUCCESS)
                                .count()
                        == 21);
    }

    @Test
    void purgesWhatIsInAQueueAndNothingThatComesLater() {
        start("one");
        pause("p1", true);
        awaitAcknowledged("one", "p1");
        submit("quick", 0, 40);
        queue.submit(Task.named("quick")
                .id("later")
                .eta(Instant.now().plusSeconds(3_600))
                .build());
        queue.flush();
        awaitHeartbeat("one", now -> waiting(now, WaitingFor.PAUSE) == 40 && waiting(now, WaitingFor.ETA) == 1);
        queue.purge("purge");
        submit("quick", 40, 50);
        awaitAcknowledged("one", "purge");
        var states = queue.awaitStates(
                "the purged end",
                all -> all.values().stream()
                                .filter(done -> done.state() == REVOKED)
                                .count()
                        == 41);
        assertThat(states.values())
                .filteredOn(done -> done.state() == REVOKED)
                .allSatisfy(done -> assertThat(done.reason()).isEqualTo(RevokeReason.PURGED));
        pause("p2", false);
        var ended = queue.awaitFinal(51);
        assertThat(ended.values())
                .filteredOn(done -> done.state() == SUCCESS)
                .extracting(TaskResult::id)
                .containsExactlyInAnyOrder(
                        "quick40", "quick41", "quick42", "quick43", "quick44", "quick45", "quick46", "quick47",
                        "quick48", "quick49");
    }

    /** Nobody has read them, or the worker that had them is gone. */
    @Test
    void purgesWhatNoWorkerHasReadYet() {
        submit("quick", 0, 30);
        queue.purge("purge");
        submit("quick", 30, 32);
        start("one");
        var states = queue.awaitFinal(32);
        assertThat(states.values()).filteredOn(done -> done.state() == REVOKED).hasSize(30);
        assertThat(begun).containsOnlyKeys("quick30", "quick31");
    }

    @Test
    void changesLimitsWhileTasksRun() {
        start("one");
        submit("waits", 0, 60);
        await().until(() -> running.get() == 8);

        limit("l1", Kind.HANDLER, "waits", 3, null);
        var limited = awaitAcknowledged("one", "l1");
        assertThat(limited.handlers())
                .filteredOn(handler -> handler.task().equals("waits"))
                .singleElement()
                .satisfies(handler -> {
                    assertThat(handler.concurrency().configured()).isNull();
                    assertThat(handler.concurrency().now()).isEqualTo(3);
                });
        go.release(8);
        await().until(() -> running.get() == 3);
        submit("quick", 0, 5);
        queue.awaitStates(
                "others go past",
                states -> states.containsKey("quick4") && states.get("quick4").state() == SUCCESS);
        assertThat(running.get()).isEqualTo(3);

        limit("l2", Kind.HANDLER, "waits", null, null);
        await().atMost(ofSeconds(10)).until(() -> running.get() == 8);

        limit("l3", Kind.WORKER, LiveSetting.ALL, 2, null);
        assertThat(awaitAcknowledged("one", "l3").concurrency().now()).isEqualTo(2);
        go.release(8);
        await().until(() -> running.get() == 2);

        limit("l4", Kind.WORKER, "one", 12, null);
        await().atMost(ofSeconds(10)).until(() -> running.get() == 12);
        most.set(0);
        go.release(100);
        queue.awaitFinal(65);
        assertThat(most.get()).isLessThanOrEqualTo(12);
        assertThat(begun.values()).allMatch(times -> times == 1);
    }

    @Test
    void drainsAWorkerThatStaysUpAndResumesIt() {
        start("one");
        submit("waits", 0, 8);
        await().until(() -> running.get() == 8);
        start("two");

        queue.tell(WorkerCommand.Kind.DRAIN, "one", "d1");
        awaitAcknowledged("one", "d1");
        go.release(1_000);
        awaitHeartbeat("one", now -> now.state() == State.DRAINED);
        submit("quick", 0, 50);
        queue.awaitFinal(58);
        assertThat(begun.values()).as("none runs twice").allMatch(times -> times == 1);
        awaitHeartbeat("two", now -> partitions(now).size() == PARTITIONS);
        assertThat(partitions(queue.heartbeats().get("one"))).isEmpty();

        queue.tell(WorkerCommand.Kind.RESUME, "one", "r1");
        awaitHeartbeat(
                "one", now -> now.state() == State.RUNNING && partitions(now).size() == 1);
        submit("quick", 50, 80);
        queue.awaitFinal(88);
        assertThat(begun.values()).allMatch(times -> times == 1);
    }

    @Test
    void tellsOfItselfUntilItsEnd() {
        var before = Instant.now();
        var worker = start("one");
        submit("waits", 0, 1);
        var heartbeat = awaitHeartbeat("one", now -> !now.attempts().isEmpty());
        assertThat(heartbeat.startedAt()).isAfterOrEqualTo(before.minus(Duration.ofSeconds(1)));
        assertThat(heartbeat.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.id()).isEqualTo("waits0");
            assertThat(attempt.attempt()).isEqualTo(1);
        });
        assertThat(heartbeat.concurrency().now()).isEqualTo(8);
        assertThat(partitions(heartbeat))
                .hasSize(PARTITIONS)
                .allSatisfy(part -> assertThat(part.waiting()).isNotNull());
        go.release();
        workers.stop(worker);
        assertThat(queue.heartbeats().get("one").state()).isEqualTo(State.STOPPED);
    }
}
