package io.celeriac.engine.stream;

import static io.celeriac.contract.task.TaskState.FAILURE;
import static io.celeriac.contract.task.TaskState.RETRY;
import static io.celeriac.contract.task.TaskState.REVOKED;
import static io.celeriac.contract.task.TaskState.STARTED;
import static io.celeriac.contract.task.TaskState.SUCCESS;
import static io.celeriac.engine.stream.QueueScenario.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.task.QueueProperties.Order;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskLifeTest {

    private static final Backoff TWO_SECONDS = new Backoff(Backoff.Kind.FIXED, ofSeconds(2), ofSeconds(2), false);

    private final List<String> ran = new ArrayList<>();
    private final QueueScenario.Setup setup = QueueScenario.with()
            .handler(
                    "add",
                    (task, context) ->
                            task.args().get(0).asInt() + task.args().get(1).asInt())
            .handler("note", (task, context) -> ran.add(task.id()))
            .handler("fail", (task, context) -> {
                throw new IOException("no route");
            })
            .handler(new Handler(
                    "flaky",
                    (task, context) -> {
                        if (context.attempt() <= task.args().get(0).asInt()) {
                            throw new IOException("attempt " + context.attempt());
                        }
                        return context.attempt();
                    },
                    new RetryPolicy(3, TWO_SECONDS, List.of(IOException.class), List.of()),
                    null));
    private QueueScenario queue;

    @AfterEach
    void close() {
        if (queue != null) {
            queue.close();
        }
    }

    @Test
    void runsATaskAndPublishesItsResult() {
        start().submit(task("add", "a").args(1, 2).label("tenant", "acme").build());

        var result = only(queue.results());
        assertThat(result.state()).isEqualTo(SUCCESS);
        assertThat(result.result()).hasToString("3");
        assertThat(result.attempt()).isEqualTo(1);
        assertThat(result.revision()).isEqualTo(1);
        assertThat(result.worker()).isEqualTo("worker-1");
        assertThat(result.labels()).containsEntry("tenant", "acme");
        assertThat(result.partition()).isZero();
        assertThat(result.offset()).isZero();
        assertThat(result.startedAt()).isEqualTo(START);
        assertThat(queue.deadLetters()).isEmpty();
    }

    @Test
    void givesATaskTypedByHandAnIdAndTheTimeOfItsRecord() {
        start().submit(null, "{\"task\":\"add\",\"args\":[1,2]}".getBytes(UTF_8));

        var result = only(queue.results());
        assertThat(result.id()).isEqualTo(TaskIds.ofRecord("celeriac.tasks.default", 0, 0));
        assertThat(result.submittedAt()).isEqualTo(START);
    }

    @Test
    void setsAsideWhatIsNoTaskUnchangedAndGoesOn() {
        var garbage = List.of("hello", "", "{", "[]", "null", "{\"task\":5}", "{\"id\":\"x\"}", "\u0000\u0001", "{}{}");
        start();
        garbage.forEach(value ->
                queue.submit("k", value.getBytes(UTF_8), new RecordHeaders().add("h", new byte[] {7})));
        queue.submit("k", null).submit(task("add", "a").args(1, 2).build());

        var records = queue.deadLetterRecords();
        assertThat(records).hasSize(10);
        assertThat(records.get(0).value()).isEqualTo("hello".getBytes(UTF_8));
        assertThat(records.get(0).key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(records.get(0).headers().lastHeader("h").value()).containsExactly(7);
        var letter = DeadLetter.from(records.get(0).headers());
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNREADABLE);
        assertThat(letter.message()).startsWith("is not JSON");
        assertThat(letter.offset()).isZero();
        assertThat(records)
                .allSatisfy(
                        record -> assertThat(DeadLetter.from(record.headers())).isNotNull());
        assertThat(only(queue.results()).state()).isEqualTo(SUCCESS);
        assertThat(queue.count("celeriac.tasks.unreadable", "reason", "unreadable"))
                .isEqualTo(10);
        assertThat(queue.count("celeriac.dead.letters", "reason", "unreadable")).isEqualTo(10);
    }

    @Test
    void dropsASecondRecordOfTheSameIdWithinTheWindow() {
        start().submit(task("note", "a").build())
                .submit(task("note", "a").build())
                .advance(ofMinutes(9))
                .submit(task("note", "a").build());
        assertThat(ran).containsExactly("a");
        assertThat(queue.count("celeriac.tasks.duplicate")).isEqualTo(2);

        queue.advance(ofMinutes(12)).submit(task("note", "a").build());
        assertThat(ran).containsExactly("a", "a");
    }

    @Test
    void dropsASecondRecordOfATaskThatWaits() {
        setup.deduplication(Duration.ZERO);
        start().submit(task("note", "a").eta(START.plusSeconds(60)).build())
                .submit(task("note", "a").build())
                .advance(ofMinutes(2));

        assertThat(ran).containsExactly("a");
    }

    @Test
    void waitsForTheEta() {
        start().submit(task("note", "late").eta(START.plusSeconds(20)).build())
                .submit(task("note", "soon").eta(START.plusSeconds(10)).build())
                .submit(task("note", "now").build());
        assertThat(ran).containsExactly("now");

        queue.advance(ofSeconds(9));
        assertThat(ran).containsExactly("now");
        queue.advance(ofSeconds(1));
        assertThat(ran).containsExactly("now", "soon");
        queue.advance(ofSeconds(10));
        assertThat(ran).containsExactly("now", "soon", "late");
    }

    /** Due times are kept in milliseconds, and an eta may lie between two of them. */
    @Test
    void neverStartsAFractionOfAMillisecondBeforeTheEta() {
        start().submit(task("note", "a")
                .eta(START.plusMillis(5_000).plusNanos(300_000))
                .build());

        queue.advance(ofMillis(5_000 - 2)); // a task was submitted, and a pass made, in a millisecond each
        assertThat(queue.clock.instant()).isEqualTo(START.plusMillis(5_000));
        assertThat(ran).isEmpty();
        queue.advance(ofMillis(1));
        assertThat(ran).containsExactly("a");
    }

    @Test
    void revokesWhatHasExpired() {
        start().submit(task("note", "a").expires(START.minusSeconds(1)).build())
                .submit(task("note", "b")
                        .eta(START.plusSeconds(60))
                        .expires(START.plusSeconds(30))
                        .build())
                .advance(ofSeconds(61));

        assertThat(ran).isEmpty();
        assertThat(queue.results())
                .hasSize(2)
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(REVOKED))
                .allSatisfy(result -> assertThat(result.reason()).isEqualTo(RevokeReason.EXPIRED));
        assertThat(queue.count("celeriac.tasks.revoked", "reason", "expired")).isEqualTo(2);
        assertThat(queue.count("celeriac.tasks.revoked", "reason", "revoked")).isZero();
    }

    @Test
    void neverRunsWhatIsRevokedBeforeItComesOrWhileItWaits() {
        start();
        queue.revoked.add("a");
        queue.submit(task("note", "a").build())
                .submit(task("note", "b").eta(START.plusSeconds(60)).build());
        queue.revoked.add("b");
        queue.advance(ofSeconds(61));

        assertThat(ran).isEmpty();
        assertThat(queue.results())
                .extracting(TaskResult::id, TaskResult::state, TaskResult::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", REVOKED, RevokeReason.REVOKED),
                        org.assertj.core.groups.Tuple.tuple("b", REVOKED, RevokeReason.REVOKED));
    }

    @Test
    void endsAWaitingTaskAsSoonAsItIsRevoked() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 1).order(Order.KEY);
        start().submit(task("note", "parked").eta(START.plusSeconds(60)).build())
                .submit(task("note", "queued").key("k").build())
                .submit(task("note", "chained").key("k").build())
                .submit(task("note", "last").key("k").build())
                .revoke("parked", false)
                .revoke("queued", false)
                .revoke("chained", false)
                .advance(ofSeconds(2));

        assertThat(queue.results())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(REVOKED))
                .extracting(TaskResult::id)
                .containsExactlyInAnyOrder("parked", "queued", "chained");
        threads.forEach(Runnable::run);
        queue.advance(ofMinutes(2));
        assertThat(ran).containsExactly("last");
        assertThat(only(queue.results()).state()).isEqualTo(SUCCESS);
    }

    @Test
    void interruptsARunningTaskOnlyWhenToldTo() throws InterruptedException {
        var begun = new CountDownLatch(2);
        var gate = new CountDownLatch(1);
        var threads = Executors.newFixedThreadPool(2);
        setup.executor(threads, 2).handler("gated", (task, context) -> {
            begun.countDown();
            gate.await();
            return "finished";
        });
        start().submit(task("gated", "gentle").build())
                .submit(task("gated", "hard").build());
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        queue.revoke("gentle", false).revoke("hard", true);
        await().atMost(ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(queue.settle().finished("revoked")).isEqualTo(1));
        var revoked = only(queue.results());
        assertThat(revoked.id()).isEqualTo("hard");
        assertThat(revoked.state()).isEqualTo(REVOKED);
        assertThat(revoked.reason()).isEqualTo(RevokeReason.REVOKED);

        gate.countDown();
        await().atMost(ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(only(queue.settle().results()).state()).isEqualTo(SUCCESS));
        threads.shutdownNow();
    }

    @Test
    void retriesAFailedTaskAfterItsBackoff() {
        start().submit(task("flaky", "a").args(2).build());

        var first = only(queue.results());
        assertThat(first.state()).isEqualTo(RETRY);
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(first.error().type()).isEqualTo("java.io.IOException");
        assertThat(first.error().message()).isEqualTo("attempt 1");
        assertThat(first.error().stackTrace()).contains("TaskLifeTest");
        assertThat(first.nextAttemptAt()).isEqualTo(first.startedAt().plusSeconds(2));

        queue.advance(ofMillis(1990));
        assertThat(queue.results()).isEmpty();
        queue.advance(ofMillis(20));
        assertThat(only(queue.results()).attempt()).isEqualTo(2);
        queue.advance(ofSeconds(3));
        var last = only(queue.results());
        assertThat(last.state()).isEqualTo(SUCCESS);
        assertThat(last.attempt()).isEqualTo(3);
        assertThat(last.revision()).isEqualTo(3);
        assertThat(queue.deadLetters()).isEmpty();
    }

    @Test
    void failsAfterTheLastAttemptAndKeepsTheHistoryInTheDeadLetter() {
        start().submit(task("flaky", "a").args(9).build())
                .advance(ofSeconds(3))
                .advance(ofSeconds(3))
                .advance(ofSeconds(9));

        assertThat(queue.results()).extracting(TaskResult::state).containsExactly(RETRY, RETRY, FAILURE);
        var dead = only(queue.deadLetterRecords());
        assertThat(DeadLetter.from(dead.headers()).reason()).isEqualTo(DeadLetter.Reason.FAILED);
        assertThat(DeadLetter.from(dead.headers()).message()).isEqualTo("java.io.IOException: attempt 3");
        assertThat(new String(
                        dead.headers()
                                .lastHeader(OutcomeRecords.ATTEMPTS_HEADER)
                                .value(),
                        UTF_8))
                .contains("\"attempt\":1", "\"attempt\":2", "\"attempt\":3");
    }

    @Test
    void failsAtOnceWithoutARetryPolicyAndOnWhatThePolicyDoesNotName() {
        setup.handler(new Handler(
                "odd",
                (task, context) -> {
                    throw new IllegalStateException("odd");
                },
                new RetryPolicy(3, TWO_SECONDS, List.of(IOException.class), List.of()),
                null));
        start().submit(task("fail", "a").build()).submit(task("odd", "b").build());

        assertThat(queue.results()).extracting(TaskResult::state).containsExactly(FAILURE, FAILURE);
    }

    @Test
    void letsTheTaskOverrideThePolicy() {
        start().submit(task("fail", "a").maxAttempts(2).backoff(TWO_SECONDS).build())
                .advance(ofSeconds(3));

        assertThat(queue.results()).extracting(TaskResult::state).containsExactly(RETRY, FAILURE);
    }

    @Test
    void retriesWhenTheHandlerAsks() {
        setup.handler("ask", (task, context) -> {
            if (context.attempt() < 4) {
                throw context.retry(new IOException("not yet"), ofSeconds(7));
            }
            return "done";
        });
        start().submit(task("ask", "a").build());
        var first = only(queue.results());
        assertThat(first.state()).isEqualTo(RETRY);
        assertThat(first.error().message()).isEqualTo("not yet");
        assertThat(first.nextAttemptAt()).isEqualTo(first.startedAt().plusSeconds(7));

        queue.advance(ofSeconds(8)).advance(ofSeconds(8)).advance(ofSeconds(8));
        assertThat(queue.results()).extracting(TaskResult::state).containsExactly(RETRY, RETRY, SUCCESS);
    }

    @Test
    void publishesStartAndProgressWhenAsked() {
        setup.handler("steps", (task, context) -> {
            context.progress(1, 3L, "one");
            context.progress(2, 3L, "two");
            return null;
        });
        start().submit(task("add", "a").args(1, 2).trackStarted(true).build());
        assertThat(queue.results())
                .extracting(TaskResult::state, TaskResult::revision)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(STARTED, 1L),
                        org.assertj.core.groups.Tuple.tuple(SUCCESS, 2L));

        queue.submit(task("steps", "b").build());
        var results = queue.results();
        assertThat(results).extracting(TaskResult::state).containsExactly(STARTED, SUCCESS);
        assertThat(results.get(0).progress().message()).isEqualTo("one");
        assertThat(results.get(1).progress().done()).isEqualTo(2);
    }

    @Test
    void cutsTheMessageOfAProgress() {
        setup.handler("wordy", (task, context) -> {
            context.progress(1, 3L, "x" + "\uD83D\uDE00".repeat(1_000_000));
            return null;
        });
        start().submit(task("wordy", "a").build());

        assertThat(queue.results())
                .hasSize(2)
                .allSatisfy(result ->
                        assertThat(result.progress().message()).hasSize(4_096).endsWith("\uDE00…"));
    }

    @Test
    void publishesNothingButFailuresOfAnIgnoredResult() {
        start().submit(task("add", "a").args(1, 2).ignoreResult(true).build())
                .submit(task("fail", "b").ignoreResult(true).build());

        assertThat(only(queue.results()).id()).isEqualTo("b");
    }

    @Test
    void waitsForACompletionStage() {
        setup.handler("later", (task, context) -> CompletableFuture.supplyAsync(() -> "late"))
                .handler("never", (task, context) -> CompletableFuture.failedFuture(new IOException("no")));
        start().submit(task("later", "a").build()).submit(task("never", "b").build());

        var results = queue.results();
        assertThat(results.get(0).result().asString()).isEqualTo("late");
        assertThat(results.get(1).error().type()).isEqualTo("java.io.IOException");
    }

    /** Or one bad deploy of a minute fails for good whatever comes due in it. */
    @Test
    void keepsATaskThatWasParkedForDaysAsLongAsOneThatHasJustComeWhenNoHandlerKnowsIt() {
        start().submit(task("unheard", "a").eta(START.plus(ofDays(2))).build()).advance(ofDays(2));
        assertThat(queue.explain("a").stage()).isEqualTo(Stage.HANDLER);

        queue.advance(ofMinutes(9));
        assertThat(queue.results()).isEmpty();
        var explanation = queue.explain("a");
        assertThat(explanation.since())
                .isBetween(START.plus(ofDays(2)), START.plus(ofDays(2)).plusSeconds(1));
        assertThat(explanation.until()).isEqualTo(explanation.since().plus(ofMinutes(10)));

        queue.advance(ofMinutes(1).plusSeconds(1));
        assertThat(only(queue.results()).state()).isEqualTo(FAILURE);
    }

    @Test
    void runsTasksOfAHandlersFormerName() {
        setup.handler(Handler.of("renamed", (task, context) -> "ran").alsoFor("former"));
        start().submit(task("former", "a").build());

        var result = only(queue.results());
        assertThat(result.state()).isEqualTo(SUCCESS);
        assertThat(result.task()).isEqualTo("former");
    }

    @Test
    void keepsATaskWithoutHandlerForTenMinutes() {
        start().submit(task("unheard", "a").build()).advance(ofMinutes(5));
        assertThat(queue.results()).isEmpty();

        queue.advance(ofMinutes(6));
        var result = only(queue.results());
        assertThat(result.state()).isEqualTo(FAILURE);
        assertThat(result.error().message())
                .isEqualTo("no handler for \"unheard\"; this worker knows add, fail, flaky, note");
        assertThat(only(queue.deadLetters()).reason()).isEqualTo(DeadLetter.Reason.UNKNOWN_TASK);
    }

    @Test
    void emitsTheNextStepsWithTheResultFirst() {
        start().submit(task("add", "a")
                .args(1, 2)
                .onSuccess(List.of(Signature.of(Task.of("add", 10)), new Signature(Task.of("note"), "other", true)))
                .label("tenant", "acme")
                .build());

        var result = only(queue.results());
        var step = only(queue.emitted("other"));
        assertThat(result.children()).containsExactly(TaskIds.ofChild("a", "success", 0), step.id());
        assertThat(step.args()).isEmpty();
        assertThat(step.parentId()).isEqualTo("a");
        assertThat(step.rootId()).isEqualTo("a");
        assertThat(step.labels()).containsEntry("tenant", "acme");
        assertThat(only(queue.emitted("default")).args())
                .extracting(Object::toString)
                .containsExactly("3", "10");
    }

    @Test
    void setsANextStepAsideWhoseQueueCannotBe() {
        start().submit(task("add", "a")
                .args(1, 2)
                .onSuccess(List.of(new Signature(Task.of("note"), "forbidden", true)))
                .build());

        assertThat(only(queue.results()).state()).isEqualTo(SUCCESS);
        var letter = only(queue.deadLetters());
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNKNOWN_QUEUE);
        assertThat(letter.message()).isEqualTo("no such queue");
        assertThat(letter.topic()).isEqualTo("celeriac.tasks.forbidden");
        assertThat(queue.count("celeriac.dead.letters", "reason", "unknown_queue"))
                .isEqualTo(1);
    }

    /** A fault of the cluster says nothing about the queue, so the outcome waits until the cluster answers. */
    @Test
    void publishesAnOutcomeWhenTheClusterAnswersAgainAboutTheQueueOfANextStep() {
        start().submit(task("note", "before").build());
        queue.isClusterAway = true;
        queue.submit(task("add", "a")
                .args(1, 2)
                .onSuccess(List.of(new Signature(Task.of("note"), "other", true)))
                .build());
        queue.advance(ofSeconds(60));
        assertThat(queue.results()).extracting(TaskResult::id).containsExactly("before");
        assertThat(queue.deadLetters()).isEmpty();

        queue.isClusterAway = false;
        queue.advance(ofSeconds(5)).advance(ofMillis(10)).advance(ofMillis(10));
        assertThat(only(queue.results()).state()).isEqualTo(SUCCESS);
        assertThat(queue.emitted("other")).hasSize(1);
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(queue.finished("success")).isEqualTo(2);
    }

    /** The next step is then all there is to send, and a stream thread that sent it would wait, die and begin again for ever. */
    @Test
    void setsTheOnlyPublicationAsideWhereItsQueueCannotBe() {
        start().submit(task("add", "a")
                .args(1, 2)
                .ignoreResult(true)
                .onSuccess(List.of(new Signature(Task.of("note"), "forbidden", true)))
                .build());

        assertThat(only(queue.deadLetters()).reason()).isEqualTo(DeadLetter.Reason.UNKNOWN_QUEUE);
        assertThat(queue.emitted("forbidden")).isEmpty();
    }

    /** Somebody waits for it. */
    @Test
    void failsATaskThatIsTooLargeToKeepAndEmitsWhatFollowsAFailure() {
        setup.maxRecordBytes(60_000);
        start().submit(task("note", "large")
                .args("x".repeat(50_000))
                .onFailure(List.of(
                        new Signature(Task.of("note"), "other", true),
                        new Signature(Task.of("note"), "forbidden", true),
                        new Signature(Task.of("note"), "forbidden", true)))
                .build());
        queue.advance(ofMillis(10));

        var result = only(queue.results());
        assertThat(result.state()).isEqualTo(FAILURE);
        assertThat(result.error().type()).isEqualTo("TooLarge");
        assertThat(queue.emitted("other")).hasSize(1);
        assertThat(queue.deadLetters())
                .extracting(DeadLetter::reason)
                .containsExactlyInAnyOrder(
                        DeadLetter.Reason.TOO_LARGE, DeadLetter.Reason.UNKNOWN_QUEUE, DeadLetter.Reason.UNKNOWN_QUEUE);
        assertThat(ran).isEmpty();
    }

    @Test
    void emitsOnFailureWithWhatFailed() {
        start().submit(task("fail", "a")
                .onFailure(List.of(Signature.of(Task.of("note"))))
                .build());

        var step = only(queue.emitted("default"));
        assertThat(step.args().get(0).get("id").asString()).isEqualTo("a");
        assertThat(step.args().get(0).get("error").get("message").asString()).isEqualTo("no route");
    }

    @Test
    void carriesTheTraceThroughAttemptsToResultsChildrenAndNextSteps() {
        var seen = new ArrayList<String>();
        setup.handler(new Handler(
                "parent",
                (task, context) -> {
                    seen.add(context.traceParent());
                    if (context.attempt() == 1) {
                        throw new IOException("again");
                    }
                    return context.submit("children", Task.named("note").build());
                },
                new RetryPolicy(2, TWO_SECONDS, List.of(IOException.class), List.of()),
                null));
        var headers =
                new RecordHeaders().add("traceparent", "00-1".getBytes(UTF_8)).add("mine", "x".getBytes(UTF_8));
        var task = task("parent", "p")
                .onSuccess(List.of(new Signature(Task.of("note"), "steps", true)))
                .build();
        start().submit("p", TaskJson.bytes(task), headers).advance(ofSeconds(3));

        assertThat(seen).containsExactly("00-1", "00-1");
        var records = new ArrayList<>(queue.resultRecords());
        assertThat(records).hasSize(2);
        records.add(only(queue.emittedRecords("children")));
        records.add(only(queue.emittedRecords("steps")));
        assertThat(records).allSatisfy(record -> {
            assertThat(record.headers().lastHeader("traceparent").value()).isEqualTo("00-1".getBytes(UTF_8));
            assertThat(record.headers().lastHeader("mine")).isNull();
        });
    }

    @Test
    void hasNoTraceWhereTheRecordBroughtNone() {
        setup.handler("parent", (task, context) -> {
            context.submit("children", Task.named("note").build());
            return context.traceParent();
        });
        start().submit(task("parent", "p").build());

        assertThat(only(queue.results()).result()).isNull();
        assertThat(only(queue.emittedRecords("children")).headers()).isEmpty();
    }

    @Test
    void failsATaskWhoseResultDoesNotFitIntoARecord() {
        setup.maxRecordBytes(60_000).handler("large", (task, context) -> "x".repeat(60_000));
        start().submit(task("large", "a").build());

        var result = only(queue.results());
        assertThat(result.state()).isEqualTo(FAILURE);
        assertThat(result.error().type()).isEqualTo("ResultTooLarge");
        assertThat(queue.count("celeriac.results.too.large")).isEqualTo(1);
    }

    @Test
    void setsATaskAsideThatIsTooLargeToBeKept() {
        setup.maxRecordBytes(60_000);
        start().submit(task("note", "a").args("x".repeat(50_000)).build())
                .submit("k", ("{\"task\":\"note\",\"eta\":\"" + "x".repeat(70_000) + "\"}").getBytes(UTF_8))
                .submit(task("note", "b").build());

        var records = queue.deadLetterRecords();
        assertThat(records).hasSize(2);
        assertThat(DeadLetter.from(records.get(0).headers()).reason()).isEqualTo(DeadLetter.Reason.TOO_LARGE);
        assertThat(records.get(0).value())
                .as("it fits without the history that it will never have")
                .isNotNull();
        assertThat(DeadLetter.from(records.get(1).headers()).reason()).isEqualTo(DeadLetter.Reason.UNREADABLE);
        assertThat(records.get(1).value()).as("nothing fits beside it").isNull();
        assertThat(ran).containsExactly("b");
        assertThat(queue.count("celeriac.tasks.unreadable", "reason", "too_large"))
                .isEqualTo(1);
    }

    /** The window may be full of tasks that wait for the one that waits for its retry. */
    @Test
    void retriesTheHeadOfAChainPastAFullWindow() {
        setup.order(Order.PARTITION);
        start().submit(task("flaky", "head").args(1).build());
        for (int i = 0; i < 100; i++) {
            queue.submit(task("note", "t" + i).build());
        }
        queue.advance(ofMinutes(1));
        for (int i = 0; i < 100; i++) {
            queue.settle();
        }

        assertThat(ran).hasSize(100);
    }

    @Test
    void keepsItsSlotWhenAListenerThrowsAnError() {
        setup.listener(new TaskListener() {
            @Override
            public void onFailure(TaskContext context, TaskError error) {
                throw new NoClassDefFoundError("a listener that was deployed in halves");
            }
        });
        start().submit(task("fail", "a").build()).submit(task("note", "b").build());

        assertThat(queue.results()).extracting(TaskResult::state).containsExactly(FAILURE, SUCCESS);
    }

    @Test
    void failsATaskWhoseExceptionCannotEvenSayWhatItIs() {
        setup.handler("odd", (task, context) -> {
            throw new IllegalStateException() {
                @Override
                public String getMessage() {
                    throw new UnsupportedOperationException("no message");
                }
            };
        });
        start().submit(task("odd", "a").build()).submit(task("note", "b").build());

        assertThat(queue.results()).extracting(TaskResult::state).containsExactly(FAILURE, SUCCESS);
    }

    @Test
    void tellsListenersInTheOrderOfCelerysHooks() {
        var told = new ArrayList<String>();
        setup.listener(new TaskListener() {
            @Override
            public void beforeStart(TaskContext context) {
                told.add("before " + context.id());
            }

            @Override
            public void onSuccess(TaskContext context, tools.jackson.databind.JsonNode result) {
                told.add("success " + result);
            }

            @Override
            public void onFailure(TaskContext context, TaskError error) {
                told.add("failure " + error.message());
                throw new IllegalStateException("a listener's own trouble changes nothing");
            }

            @Override
            public void afterReturn(TaskContext context, TaskState state) {
                told.add("after " + state);
            }
        });
        start().submit(task("add", "a").args(1, 2).build())
                .submit(task("fail", "b").build());

        assertThat(told)
                .containsExactly(
                        "before a", "success 3", "after SUCCESS", "before b", "failure no route", "after FAILURE");
        assertThat(queue.results()).extracting(TaskResult::state).containsExactly(SUCCESS, FAILURE);
    }

    @Test
    void runsTheUrgentFirst() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 1);
        start().submit(task("note", "low").priority(1).build())
                .submit(task("note", "middle").build())
                .submit(task("note", "high").priority(9).build());

        threads.forEach(Runnable::run);
        assertThat(ran).containsExactly("high", "middle", "low");
    }

    @Test
    void keepsTheOrderOfAKeyEvenThroughARetry() {
        var attempts = new AtomicInteger();
        setup.order(Order.KEY)
                .handler(new Handler(
                        "first",
                        (task, context) -> {
                            ran.add(task.id() + attempts.incrementAndGet());
                            if (attempts.get() < 2) {
                                throw new IOException("again");
                            }
                            return null;
                        },
                        new RetryPolicy(3, TWO_SECONDS, List.of(Exception.class), List.of()),
                        null));
        start().submit(task("first", "a").key("k").build())
                .submit(task("note", "b").key("k").build())
                .submit(task("note", "c").key("k").build())
                .submit(task("note", "other").key("l").build());
        assertThat(ran).containsExactly("a1", "other");

        queue.advance(ofSeconds(3)).settle().settle();
        assertThat(ran).containsExactly("a1", "other", "a2", "b", "c");
    }

    /** The tasks of other handlers go past those that wait for a handler's limit, even a windowful of them. */
    @Test
    void letsALimitedHandlerHoldBackOnlyItsOwnTasks() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 4)
                .handler(Handler.of("limited", (task, context) -> ran.add(task.id()))
                        .limited(new HandlerLimits(1, null)));
        start();
        for (int i = 0; i < 300; i++) {
            queue.submit(task("limited", "l" + i).build());
        }
        queue.submit(task("note", "other").build());
        assertThat(queue.explain("l299").stage()).isEqualTo(Stage.HANDLER_LIMIT);
        assertThat(queue.metrics
                        .get("celeriac.tasks.held")
                        .tag("for", "handler_limit")
                        .counter()
                        .count())
                .isEqualTo(250);

        runAll(threads);

        assertThat(ran).hasSize(301);
        assertThat(ran.indexOf("other")).isLessThan(60);
        assertThat(ran.stream().filter(id -> !id.equals("other")))
                .as("in the order of their records")
                .isSortedAccordingTo(Comparator.comparingInt(id -> Integer.parseInt(id.substring(1))));
    }

    /** Each of them ends before it comes to the limit, and gives its place on. */
    @Test
    void startsATaskBehindManyOfItsHandlerThatHaveExpired() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 1)
                .handler(Handler.of("limited", (task, context) -> ran.add(task.id()))
                        .limited(new HandlerLimits(1, null)));
        start();
        for (int i = 0; i < 60; i++) {
            queue.submit(task("limited", "l" + i).build());
        }
        for (int i = 0; i < 200; i++) {
            queue.submit(task("limited", "expired" + i)
                    .expires(START.plusSeconds(60))
                    .build());
        }
        queue.submit(task("limited", "good").build()).advance(ofMinutes(2));

        runAll(threads);

        assertThat(ran).hasSize(61).contains("good");
        assertThat(queue.results())
                .filteredOn(result -> result.state() == REVOKED)
                .hasSize(200);
    }

    /** A key with very many tasks keeps neither its neighbours waiting nor fills the window. */
    @Test
    void letsABusyKeyHoldBackOnlyItsOwnTasks() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 4).order(Order.KEY);
        start();
        for (int i = 0; i < 300; i++) {
            queue.submit(task("note", "t" + i).key("busy").build());
        }
        queue.submit(task("note", "other").key("calm").build());
        assertThat(queue.explain("t299").stage()).isEqualTo(Stage.TURN);

        runAll(threads);

        assertThat(ran).hasSize(301);
        assertThat(ran.indexOf("other")).isLessThan(3);
    }

    @Test
    void saysWhatATaskWaitsForAndSinceWhen() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 1);
        start().submit(task("note", "parked").eta(START.plusSeconds(60)).build())
                .submit(task("flaky", "flaky").args(1).build())
                .submit(task("unheard", "unheard").build());

        assertThat(queue.explain("flaky").stage()).isEqualTo(Stage.THREAD);
        runAll(threads);
        assertThat(queue.explain("flaky").stage()).isEqualTo(Stage.RETRY);
        assertThat(queue.explain("flaky").attempts()).isEqualTo(1);
        assertThat(queue.explain("parked").stage()).isEqualTo(Stage.ETA);
        assertThat(queue.explain("parked").since()).isEqualTo(START);
        assertThat(queue.explain("parked").until()).isEqualTo(START.plusSeconds(60));
        assertThat(queue.explain("unheard").stage()).isEqualTo(Stage.HANDLER);
        assertThat(queue.explain("nobody")).isNull();
        queue.advance(ofMinutes(2));
        runAll(threads);
        assertThat(queue.explain("parked")).isNull();
    }

    /** Who asks wants to know how long it has been stuck where it is, not how old it is. */
    @Test
    void saysSinceWhenATaskWaitsForWhatItWaitsForNow() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 1).order(Order.KEY);
        start().submit(task("note", "first").key("k").build()).advance(ofSeconds(10));
        var came = queue.clock.instant();
        queue.submit(task("note", "second").key("k").build()).advance(ofSeconds(10));
        assertThat(queue.explain("second").stage()).isEqualTo(Stage.TURN);
        assertThat(queue.explain("second").since()).isEqualTo(came);

        threads.remove().run();
        var ended = queue.clock.instant().plusMillis(1);
        queue.settle().advance(ofSeconds(10));

        assertThat(queue.explain("second").stage()).isEqualTo(Stage.THREAD);
        assertThat(queue.explain("second").since()).isEqualTo(ended);
        assertThat(queue.explain("second").acceptedAt()).isEqualTo(came);
    }

    @Test
    void saysSinceWhenATaskIsHeldByTheLimitOfItsHandler() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 1)
                .handler(Handler.of("limited", (task, context) -> ran.add(task.id()))
                        .limited(new HandlerLimits(1, null)));
        start();
        for (int i = 0; i < 50; i++) {
            queue.submit(task("limited", "l" + i).build());
        }
        var due = START.plusSeconds(60);
        queue.submit(task("limited", "later").eta(due).build()).advance(ofMinutes(2));
        assertThat(queue.explain("later").stage()).isEqualTo(Stage.HANDLER_LIMIT);
        assertThat(queue.explain("later").since()).isAfterOrEqualTo(due);
        var held = queue.explain("later").since();

        queue.advance(ofMinutes(2));
        assertThat(queue.explain("later").since()).isEqualTo(held);
    }

    @Test
    void letsTheUrgentPastThoseOfItsHandlerThatWaitForALimit() {
        Queue<Runnable> threads = new ArrayDeque<>();
        setup.executor(threads::add, 1)
                .handler(Handler.of("limited", (task, context) -> ran.add(task.id()))
                        .limited(new HandlerLimits(1, null)));
        start();
        for (int i = 0; i < 200; i++) {
            queue.submit(task("limited", "l" + i).build());
        }
        queue.submit(task("limited", "low").priority(1).build())
                .submit(task("limited", "high").priority(9).build())
                .submit(task("limited", "higher").priority(9).build());

        runAll(threads);

        assertThat(ran).hasSize(203);
        assertThat(ran.indexOf("high")).isLessThan(60);
        assertThat(ran.indexOf("higher")).isBetween(ran.indexOf("high"), 61);
        assertThat(ran.get(202)).isEqualTo("low");
    }

    /** The ids come from the parent and the order, so that a second attempt emits the same tasks, and they run once. */
    @Test
    void emitsChildTasksOnceHoweverOftenTheirParentRuns() {
        var ids = new ArrayList<String>();
        setup.handler(new Handler(
                "parent",
                (task, context) -> {
                    ids.add(context.submit(Task.named("note").build()));
                    ids.add(context.submit(
                            "other", Task.named("note").id("mine").build()));
                    if (context.attempt() == 1) {
                        throw new IOException("after it has emitted");
                    }
                    return null;
                },
                new RetryPolicy(2, TWO_SECONDS, List.of(IOException.class), List.of()),
                null));
        start().submit(task("parent", "p").label("tenant", "acme").build()).advance(ofSeconds(3));

        var child = TaskIds.ofChild("p", "child", 0);
        assertThat(ids).containsExactly(child, "mine", child, "mine");
        assertThat(queue.results())
                .extracting(TaskResult::id, TaskResult::state)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("p", RETRY),
                        org.assertj.core.groups.Tuple.tuple("p", SUCCESS));
        var emitted = queue.emitted("default");
        assertThat(emitted).hasSize(2).allSatisfy(task -> {
            assertThat(task.id()).isEqualTo(child);
            assertThat(task.parentId()).isEqualTo("p");
            assertThat(task.rootId()).isEqualTo("p");
            assertThat(task.labels()).containsEntry("tenant", "acme");
        });
        assertThat(queue.emitted("other")).hasSize(2);
    }

    @Test
    void namesTheChildrenInTheResultAndRefusesThoseThatCannotBe() {
        var refused = new ArrayList<String>();
        setup.maxRecordBytes(100_000).handler("parent", (task, context) -> {
            context.submit(Task.named("note").build());
            for (var impossible : List.of(
                    (Runnable) () ->
                            context.submit("no such queue!", Task.named("note").build()),
                    () -> context.submit("forbidden", Task.named("note").build()),
                    () -> context.submit(Task.of("note", "x".repeat(200_000))))) {
                try {
                    impossible.run();
                } catch (RuntimeException e) {
                    refused.add(e.getMessage());
                }
            }
            return null;
        });
        start().submit(task("parent", "p").build());

        assertThat(only(queue.results()).children()).containsExactly(TaskIds.ofChild("p", "child", 0));
        assertThat(refused).hasSize(3);
        assertThat(refused.get(0)).contains("queue");
        assertThat(refused.get(1)).isEqualTo("no such queue");
        assertThat(refused.get(2)).contains("cannot be kept");
    }

    private void runAll(Queue<Runnable> threads) {
        for (int quiet = 0; quiet < 5; quiet++) {
            if (!threads.isEmpty()) {
                quiet = 0;
            }
            for (var thread = threads.poll(); thread != null; thread = threads.poll()) {
                thread.run();
            }
            queue.settle();
        }
    }

    private QueueScenario start() {
        queue = setup.start();
        return queue;
    }

    private static Task.Builder task(String name, String id) {
        return Task.named(name).id(id);
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
