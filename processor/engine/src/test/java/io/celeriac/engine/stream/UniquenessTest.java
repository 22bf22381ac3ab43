package io.celeriac.engine.stream;

import static io.celeriac.contract.task.TaskState.FAILURE;
import static io.celeriac.contract.task.TaskState.PENDING;
import static io.celeriac.contract.task.TaskState.RETRY;
import static io.celeriac.contract.task.TaskState.REVOKED;
import static io.celeriac.contract.task.TaskState.SUCCESS;
import static io.celeriac.engine.stream.QueueScenario.START;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.contract.task.Unique.OnConflict;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.task.QueueProperties.Order;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of the tasks of a unique key, one runs. */
class UniquenessTest {

    private static final Unique INVOICE = Unique.by("invoice-7");
    private static final Duration LATER = ofMinutes(5);

    private static final RetryPolicy RETRIES = new RetryPolicy(
            2,
            new Backoff(Backoff.Kind.FIXED, ofSeconds(2), ofSeconds(2), false),
            List.of(IOException.class),
            List.of());

    private final List<String> ran = new ArrayList<>();
    private final QueueScenario.Setup setup = QueueScenario.with()
            .handler("note", (task, context) -> ran.add(task.id()))
            .handler(new Handler(
                    "fail",
                    (task, context) -> {
                        throw new IOException("no route");
                    },
                    RETRIES,
                    null));
    private final List<TaskResult> results = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private QueueScenario queue;

    @AfterEach
    void close() {
        release.countDown();
        threads.shutdownNow();
        queue.close();
    }

    @Test
    void ignoresALaterTaskWhileTheEarlierWaits() {
        queue = setup.start().submit(later("first", INVOICE)).submit(later("second", INVOICE));

        assertThat(ends()).containsExactly(tuple("second", REVOKED, RevokeReason.NOT_UNIQUE, "first"));
        queue.advance(LATER);
        assertThat(ran).containsExactly("first");
        assertThat(queue.count("celeriac.tasks.revoked", "reason", "not_unique"))
                .isOne();
    }

    @Test
    void letsTheNextTaskRunWhenTheEarlierHasEnded() {
        queue = setup.start().submit(now("first", INVOICE)).submit(now("second", INVOICE));

        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void fallsUnderAWindowAlsoAfterTheEarlierHasSucceeded() {
        var hourly = Unique.by("invoice-7", ofHours(1));
        queue = setup.start()
                .submit(now("first", hourly))
                .advance(ofMinutes(59))
                .submit(now("second", hourly));
        assertThat(ran).containsExactly("first");
        assertThat(ends())
                .containsExactly(
                        tuple("first", SUCCESS, null, null),
                        tuple("second", REVOKED, RevokeReason.NOT_UNIQUE, "first"));

        queue.advance(ofMinutes(1)).submit(now("third", hourly));

        assertThat(ran).containsExactly("first", "third");
    }

    /** A task that has failed should be sent again, and is no duplicate. */
    @Test
    void letsATaskRunWithinTheWindowOfOneThatHasFailed() {
        var hourly = Unique.by("invoice-7", ofHours(1));
        queue = setup.start()
                .submit(Task.named("fail")
                        .id("first")
                        .unique(hourly)
                        .maxAttempts(1)
                        .build())
                .submit(now("second", hourly));

        assertThat(ran).containsExactly("second");
    }

    @Test
    void comparesWithTheStatesThatTheLaterTaskNames() {
        queue = setup.start()
                .submit(Task.named("fail").id("first").unique(INVOICE).build())
                .submit(now("second", INVOICE.in(Set.of(PENDING))))
                .submit(now("third", INVOICE.in(Set.of(RETRY))));

        assertThat(ran).as("the first waits for its retry").containsExactly("second");
        assertThat(ends()).contains(tuple("third", REVOKED, RevokeReason.NOT_UNIQUE, "first"));
    }

    @Test
    void ignoresALaterTaskWhileTheEarlierWaitsForItsRetry() {
        queue = setup.start()
                .submit(Task.named("fail").id("first").unique(INVOICE).build())
                .submit(now("second", INVOICE));

        assertThat(ran).isEmpty();
        assertThat(ends()).containsExactly(tuple("second", REVOKED, RevokeReason.NOT_UNIQUE, "first"));
    }

    /** Debouncing: each task takes the place of the one before, and the last one runs. */
    @ParameterizedTest
    @EnumSource(Order.class)
    void runsTheLastOfManyThatReplaceEachOther(Order order) {
        var newest = INVOICE.onConflict(OnConflict.REPLACE);
        queue = setup.order(order)
                .start()
                .submit(later("first", newest))
                .submit(later("second", newest))
                .submit(later("third", newest));

        assertThat(ends())
                .containsExactly(
                        tuple("first", REVOKED, RevokeReason.REPLACED, "second"),
                        tuple("second", REVOKED, RevokeReason.REPLACED, "third"));
        queue.advance(LATER);
        assertThat(ran).containsExactly("third");
    }

    @Test
    void leavesATaskAloneThatRunsWhenItWouldBeReplaced() throws Exception {
        startWithOneThatRuns();

        queue.submit(later("second", INVOICE.onConflict(OnConflict.REPLACE))).submit(later("third", INVOICE));

        assertThat(ends())
                .as("the second has the key now")
                .containsExactly(tuple("third", REVOKED, RevokeReason.NOT_UNIQUE, "second"));
    }

    @Test
    void comparesWithATaskThatWasReplacedForAsLongAsItRuns() throws Exception {
        startWithOneThatRuns();

        queue.submit(now("second", INVOICE.onConflict(OnConflict.REPLACE)));
        awaitResult("second", SUCCESS);
        queue.submit(now("third", INVOICE));

        assertThat(ends()).contains(tuple("third", REVOKED, RevokeReason.NOT_UNIQUE, "first"));
    }

    /** It would bring back what the later one has overwritten. */
    @Test
    void doesNotRetryATaskThatWasReplacedWhileItRan() throws Exception {
        startWithOneThatRuns();
        queue.submit(now("second", INVOICE.onConflict(OnConflict.REPLACE)));
        awaitResult("second", SUCCESS);

        release.countDown();
        awaitResult("first", RETRY);
        queue.advance(ofSeconds(2));

        assertThat(ends())
                .containsExactly(
                        tuple("second", SUCCESS, null, null), tuple("first", REVOKED, RevokeReason.REPLACED, "second"));
        queue.submit(now("third", INVOICE));
        awaitResult("third", SUCCESS);
    }

    /** Begins a task that fails when it is released, and would be retried. */
    private void startWithOneThatRuns() throws Exception {
        var begun = new CountDownLatch(1);
        queue = setup.handler(new Handler(
                        "wait",
                        (task, context) -> {
                            begun.countDown();
                            release.await();
                            throw new IOException("no route");
                        },
                        RETRIES,
                        null))
                .executor(threads, 2)
                .start()
                .submit(Task.named("wait").id("first").unique(INVOICE).build());
        begun.await();
    }

    @Test
    void rejectsALaterTaskAsAFailureThatRunsItsOnFailure() {
        var strict = INVOICE.onConflict(OnConflict.REJECT);
        queue = setup.start()
                .submit(later("first", strict))
                .submit(now("second", strict).toBuilder()
                        .onFailure(List.of(new Signature(Task.of("alert"), "alerts", true)))
                        .build());

        var second = queue.results().get(0);
        assertThat(second.state()).isEqualTo(FAILURE);
        assertThat(second.winner()).isEqualTo("first");
        assertThat(second.error().type()).isEqualTo("NotUnique");
        assertThat(second.error().message()).contains("first");
        assertThat(queue.emitted("alerts")).hasSize(1);
        assertThat(queue.deadLetters()).isEmpty();
    }

    @Test
    void comparesTasksOfTheSameKeyOnly() {
        queue = setup.start()
                .submit(later("first", INVOICE))
                .submit(now("second", Unique.by("invoice-8")))
                .submit(now("third", INVOICE).toBuilder().key("customer-7").build());

        assertThat(ran).containsExactly("second", "third");
    }

    /** It could be in any partition, and nobody would compare it with the others. */
    @Test
    void failsATaskWhoseRecordHasAnotherKey() {
        queue = setup.start()
                .submit("first", TaskJson.bytes(now("first", INVOICE)))
                .submit(null, TaskJson.bytes(now("second", INVOICE)))
                .submit("invoice-7", TaskJson.bytes(now("third", INVOICE)));

        assertThat(ran).containsExactly("third");
        assertThat(read())
                .filteredOn(result -> result.state() == FAILURE)
                .extracting(TaskResult::id)
                .containsExactly("first", "second");
        assertThat(results)
                .filteredOn(result -> result.state() == FAILURE)
                .extracting(result -> result.error().message())
                .allMatch(message -> message.startsWith("the record's key must be \"invoice-7\""));
    }

    /** A record that comes twice is one task, not two of the same unique key. */
    @Test
    void isNoRivalOfItself() {
        queue = setup.start().submit(later("first", INVOICE)).submit(later("first", INVOICE));

        assertThat(ends()).isEmpty();
        queue.advance(LATER);
        assertThat(ran).containsExactly("first");
    }

    @Test
    void givesTheKeyBackWhenItsTaskIsRevoked() {
        queue = setup.start()
                .submit(later("first", INVOICE))
                .revoke("first", false)
                .settle();
        queue.submit(now("second", INVOICE));

        assertThat(ran).containsExactly("second");
    }

    @Test
    void doesNotReplaceForATaskThatHasExpired() {
        queue = setup.start()
                .submit(later("first", INVOICE))
                .submit(now("second", INVOICE.onConflict(OnConflict.REPLACE)).toBuilder()
                        .expires(START.minusSeconds(1))
                        .build());

        assertThat(ends()).containsExactly(tuple("second", REVOKED, RevokeReason.EXPIRED, null));
        queue.advance(LATER);
        assertThat(ran).containsExactly("first");
    }

    private static Task now(String id, Unique unique) {
        return Task.named("note").id(id).unique(unique).build();
    }

    private static Task later(String id, Unique unique) {
        return now(id, unique).toBuilder().eta(START.plus(LATER)).build();
    }

    /** What attempts of other threads publish. */
    private void awaitResult(String id, TaskState state) {
        await().atMost(ofSeconds(10))
                .until(() -> read().stream().anyMatch(result -> result.id().equals(id) && result.state() == state));
    }

    private List<TaskResult> read() {
        results.addAll(queue.settle().results());
        return results;
    }

    private List<Tuple> ends() {
        return read().stream()
                .filter(result -> result.state().isFinal())
                .map(UniquenessTest::end)
                .toList();
    }

    private static Tuple end(TaskResult result) {
        return tuple(result.id(), result.state(), result.reason(), result.winner());
    }
}
