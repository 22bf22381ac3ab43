package io.celeriac.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.celeriac.client.RemoteTaskException;
import io.celeriac.client.SubmitException;
import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskDefaults;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.TaskOptions;
import io.celeriac.client.TaskRevokedException;
import io.celeriac.client.TaskType;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.contract.task.Unique.OnConflict;
import io.celeriac.engine.Retry;
import io.celeriac.engine.Secret;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskHandler;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.handler.Handler;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class TaskSandboxTest {

    private static final Logger LOG = LoggerFactory.getLogger(TaskSandboxTest.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30); // nothing here should wait
    private static final Duration MINUTE = Duration.ofMinutes(1);

    record Order(String item, BigDecimal price, Instant at) {

        static final TaskType<Order, Order> ECHO = TaskType.of("demo.echo", Order.class, Order.class);
    }

    private final List<String> calls = new ArrayList<>();
    private final TaskSandbox celeriac = TaskSandbox.inline(new Demo());
    private final TaskClient tasks = celeriac.client();

    /** Handlers as a service has them. */
    class Demo {

        @TaskHandler("demo.add")
        int add(int a, int b) {
            calls.add("add on " + Thread.currentThread().getName());
            return a + b;
        }

        @TaskHandler("demo.echo")
        Order echo(Order order) {
            return order;
        }

        @TaskHandler("demo.note")
        void note(String text) {
            calls.add(text + " at " + celeriac.clock().instant());
        }

        @TaskHandler("demo.fail")
        void fail() {
            throw new IllegalStateException("out of paper");
        }

        @TaskHandler(
                value = "demo.flaky",
                retry = @Retry(maxAttempts = 3, delay = "PT1M", backoff = Backoff.Kind.FIXED, jitter = false))
        String flaky(int failures, TaskContext context) {
            calls.add("attempt " + context.attempt());
            if (context.attempt() <= failures) {
                throw new IllegalStateException("attempt " + context.attempt());
            }
            return "after " + context.attempt();
        }

        @TaskHandler("demo.again")
        void again(TaskContext context) {
            calls.add("again");
            throw context.retry(new IllegalStateException("not ready"), Duration.ofSeconds(10));
        }

        @TaskHandler("demo.parent")
        void parent(TaskContext context) {
            calls.add("parent begins");
            context.submit(Task.of("demo.note", "child"));
            calls.add("parent ends");
        }

        @TaskHandler("demo.sum")
        int sum(List<Integer> numbers) throws Exception {
            var sum = 0;
            for (var number : numbers) {
                sum = tasks.send("demo.add", sum, number).get(PATIENCE).intValue();
            }
            return sum;
        }

        @TaskHandler("demo.countdown")
        void countdown(int from) {
            if (from == 0) {
                calls.add("zero");
            } else {
                tasks.send("demo.countdown", from - 1);
            }
        }

        @TaskHandler("demo.progress")
        void progress(TaskContext context) {
            context.progress(1, 2L, "half");
        }

        @TaskHandler(value = "demo.stuck", timeLimit = "PT0.01S")
        void stuck() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @TaskHandler("demo.login")
        void login(String user, @Secret String password) {
            throw new IllegalStateException(user + " has not the password " + password);
        }
    }

    @Test
    void runsATaskInTheThreadThatSendsIt() throws Exception {
        var sum = tasks.send("demo.add", 2, 3);

        assertThat(calls).containsExactly("add on " + Thread.currentThread().getName());
        assertThat(sum.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(sum.get(PATIENCE).intValue()).isEqualTo(5);
        assertThat(sum.receipt().join().queue()).isEqualTo("default");
    }

    @Test
    void takesArgumentsAndResultsThroughTheWire() throws Exception {
        var order = new Order("pen", new BigDecimal("1.20"), Instant.parse("2026-01-02T03:04:05.123456Z"));

        var echo = tasks.send(Order.ECHO, order).get(PATIENCE);

        assertThat(echo).isEqualTo(order).isNotSameAs(order);
    }

    @Test
    void answersAHandleThatIsMadeFromAnId() throws Exception {
        var id = tasks.send("demo.add", 2, 3).id();

        assertThat(tasks.handle(id, Integer.class).get(PATIENCE)).isEqualTo(5);
    }

    @Test
    void throwsTheFailureOfAHandler() {
        var failed = tasks.send("demo.fail");

        assertThatExceptionOfType(RemoteTaskException.class)
                .isThrownBy(() -> failed.get(PATIENCE))
                .satisfies(thrown -> {
                    assertThat(thrown.type()).isEqualTo("java.lang.IllegalStateException");
                    assertThat(thrown.remoteMessage()).isEqualTo("out of paper");
                    assertThat(thrown.remoteStackTrace()).contains("Demo.fail");
                });
        assertThat(celeriac.deadLetters()).singleElement().satisfies(dead -> {
            assertThat(dead.task().id()).isEqualTo(failed.id());
            assertThat(dead.why().reason()).isEqualTo(Reason.FAILED);
        });
    }

    @Test
    void failsATaskWhoseArgumentsDoNotBind() {
        var failed = tasks.send("demo.add", 2, "three");

        assertThat(failure(failed).type()).isEqualTo("InvalidArguments");
        assertThat(failure(failed).remoteMessage()).contains("demo.add(a, b)", "\"b\" must be int");
    }

    @Test
    void failsATaskWithoutAHandler() {
        var failed = tasks.send("demo.unknown");

        assertThat(failure(failed).remoteMessage()).contains("no handler for \"demo.unknown\"", "demo.add");
    }

    private static RemoteTaskException failure(TaskHandle<?> handle) {
        return catchThrowableOfType(RemoteTaskException.class, () -> handle.get(PATIENCE));
    }

    @Test
    void retriesAtOnce() throws Exception {
        var flaky = tasks.send("demo.flaky", 2);

        assertThat(flaky.get(PATIENCE).asString()).isEqualTo("after 3");
        assertThat(calls).containsExactly("attempt 1", "attempt 2", "attempt 3");
        assertThat(celeriac.result(flaky.id()).map(TaskResult::attempt)).hasValue(3);
    }

    @Test
    void failsAfterTheLastAttempt() {
        var flaky = tasks.send("demo.flaky", 7);

        assertThat(failure(flaky).remoteMessage()).isEqualTo("attempt 3");
        assertThat(calls).hasSize(3);
    }

    @Test
    void retriesByTheClockIfAskedTo() {
        var byClock =
                TaskSandbox.builder().handlers(new Demo()).retriesByClock().build();

        var flaky = byClock.client().send("demo.flaky", 2);

        assertThat(flaky.state()).isEqualTo(TaskState.RETRY);
        byClock.clock().advance(Duration.ofSeconds(59));
        assertThat(calls).containsExactly("attempt 1");
        byClock.clock().advance(Duration.ofSeconds(1));
        assertThat(calls).containsExactly("attempt 1", "attempt 2");
        byClock.clock().advance(MINUTE);
        assertThat(flaky.state()).isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void holdsAHandlerThatAlwaysAsksForAnotherAttempt() {
        var again = tasks.send(Task.of("demo.again"), options -> options.maxAttempts(1_000_000));

        assertThat(again.state()).isEqualTo(TaskState.RETRY);
        assertThat(calls).hasSize(100);
        celeriac.clock().advance(Duration.ofSeconds(10));
        assertThat(calls).hasSize(101);
    }

    @Test
    void holdsATaskUntilItsCountdownHasPassed() {
        var note = tasks.send(Task.of("demo.note", "tea"), options -> options.countdown(MINUTE));

        assertThat(note.state()).isEqualTo(TaskState.PENDING);
        assertThat(celeriac.held())
                .singleElement()
                .satisfies(held -> assertThat(held.id()).isEqualTo(note.id()));
        celeriac.clock().advance(Duration.ofSeconds(59));
        assertThat(calls).isEmpty();
        celeriac.clock().advance(Duration.ofSeconds(1));
        assertThat(note.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(celeriac.held()).isEmpty();
    }

    @Test
    void runsHeldTasksInTheOrderOfTheirTimesAndAtTheirTimes() {
        var start = celeriac.clock().instant();
        tasks.send(Task.of("demo.note", "later"), options -> options.eta(start.plus(MINUTE.multipliedBy(2))));
        tasks.send(Task.of("demo.note", "sooner"), options -> options.eta(start.plus(MINUTE)));

        celeriac.clock().advance(Duration.ofHours(1));

        assertThat(calls)
                .containsExactly("sooner at " + start.plus(MINUTE), "later at " + start.plus(MINUTE.multipliedBy(2)));
        assertThat(celeriac.clock().instant()).isEqualTo(start.plus(Duration.ofHours(1)));
    }

    @Test
    void runsUrgentTasksFirstAmongThoseOfOneTime() {
        tasks.send(
                Task.of("demo.note", "low"),
                options -> options.countdown(MINUTE).priority(1));
        tasks.send(
                Task.of("demo.note", "high"),
                options -> options.countdown(MINUTE).priority(9));

        celeriac.clock().advance(MINUTE);

        var at = " at " + celeriac.clock().instant();
        assertThat(calls).containsExactly("high" + at, "low" + at);
    }

    @Test
    void emitsTheNextSteps() throws Exception {
        tasks.send(
                Task.of("demo.add", 2, 3),
                options -> options.onSuccess(Signature.of(Task.of("demo.add", 10)))
                        .onFailure(Signature.of(Task.of("demo.note"))));
        tasks.send(
                Task.of("demo.fail"),
                options -> options.onFailure(new Signature(Task.of("demo.note", "sorry"), "mails", true)));

        var step = celeriac.sent().of("demo.add").get(1);
        assertThat(tasks.handle(step.id(), Integer.class).get(PATIENCE)).isEqualTo(15);
        assertThat(celeriac.sent()).sent("demo.note").once().onQueue("mails").withArgs("sorry");
    }

    @Test
    void runsATaskThatAHandlerEmitsAfterTheHandler() {
        var parent = tasks.send("demo.parent");

        assertThat(calls)
                .containsExactly(
                        "parent begins",
                        "parent ends",
                        "child at " + celeriac.clock().instant());
        assertThat(celeriac.sent()).sent("demo.note").once().emittedBy(parent.id());
        assertThat(parent.children())
                .singleElement()
                .satisfies(child -> assertThat(child.state()).isEqualTo(TaskState.SUCCESS));
    }

    @Test
    void runsATaskThatAHandlerWaitsFor() throws Exception {
        MDC.put("test", "mine");

        var sum = tasks.send("demo.sum", List.of(1, 2, 3, 4));

        assertThat(sum.get(PATIENCE).intValue()).isEqualTo(10);
        assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("test", "mine"));
        MDC.clear();
    }

    @Test
    void runsALongChainOfTasksWithoutFillingTheStack() {
        tasks.send("demo.countdown", 10_000);

        assertThat(calls).containsExactly("zero");
        assertThat(celeriac.sent().all()).hasSize(10_001);
    }

    @Test
    void runsTheLastOfManyThatReplaceEachOther() {
        var handles = Stream.of("one", "two", "three")
                .map(text -> tasks.send(
                        Task.of("demo.note", text),
                        options -> options.unique(Unique.by("note").onConflict(OnConflict.REPLACE))
                                .countdown(MINUTE)))
                .toList();

        assertThat(handles)
                .extracting(TaskHandle::state)
                .containsExactly(TaskState.REVOKED, TaskState.REVOKED, TaskState.PENDING);
        celeriac.clock().advance(MINUTE);
        assertThat(calls).singleElement().asString().startsWith("three at");
    }

    @Test
    void ignoresOrRejectsATaskWhoseUniqueKeyAnotherHas() {
        var hourly = Unique.by("note", Duration.ofHours(1));
        tasks.send(Task.of("demo.note", "first"), options -> options.unique(hourly));
        var ignored = tasks.send(Task.of("demo.note", "second"), options -> options.unique(hourly));
        var rejected = tasks.send(
                Task.of("demo.note", "third"), options -> options.unique(hourly.onConflict(OnConflict.REJECT)));

        assertThat(ignored.state()).isEqualTo(TaskState.REVOKED);
        assertThat(rejected.state()).isEqualTo(TaskState.FAILURE);
        celeriac.clock().advance(Duration.ofHours(1));
        tasks.send(Task.of("demo.note", "fourth"), options -> options.unique(hourly));
        assertThat(calls).hasSize(2).last().asString().startsWith("fourth at");
    }

    @Test
    void letsATaskRunWhoseUniqueKeyWasGivenBack() {
        var once = Unique.by("note");
        tasks.send(Task.of("demo.note", "first"), options -> options.unique(once));
        tasks.send(Task.of("demo.note", "second"), options -> options.unique(once));
        var held = tasks.send(
                Task.of("demo.note", "third"), options -> options.unique(once).countdown(MINUTE));
        held.revoke();
        tasks.send(Task.of("demo.note", "fourth"), options -> options.unique(once));

        assertThat(calls).hasSize(3).last().asString().startsWith("fourth at");
    }

    @Test
    void revokesATaskThatIsHeld() {
        var note = tasks.send(Task.of("demo.note", "tea"), options -> options.countdown(MINUTE));

        note.revoke();

        assertThat(note.state()).isEqualTo(TaskState.REVOKED);
        assertThatExceptionOfType(TaskRevokedException.class).isThrownBy(() -> note.get(PATIENCE));
        celeriac.clock().advance(Duration.ofHours(1));
        assertThat(calls).isEmpty();
        assertThat(celeriac.revocations())
                .singleElement()
                .satisfies(command -> assertThat(command.id()).isEqualTo(note.id()));
    }

    @Test
    void neverRunsATaskThatWasRevokedBefore() {
        tasks.revoke("tea-1", false);

        var note = tasks.send(Task.of("demo.note", "tea"), options -> options.id("tea-1"));

        assertThat(note.state()).isEqualTo(TaskState.REVOKED);
        assertThat(calls).isEmpty();
    }

    @Test
    void endsATaskThatExpiresBeforeItIsDue() {
        var note = tasks.send(
                Task.of("demo.note", "tea"),
                options -> options.countdown(Duration.ofHours(1)).expires(MINUTE));

        celeriac.clock().advance(MINUTE.multipliedBy(2));

        assertThat(note.state()).isEqualTo(TaskState.REVOKED);
        assertThat(celeriac.result(note.id()).orElseThrow().reason()).hasToString("EXPIRED");
    }

    @Test
    void runsAnIdOnceWithinTheDeduplicationWindow() {
        tasks.send(Task.of("demo.note", "tea"), options -> options.id("tea-1"));
        tasks.send(Task.of("demo.note", "tea"), options -> options.id("tea-1"));
        assertThat(calls).hasSize(1);

        celeriac.clock().advance(Duration.ofMinutes(10));
        tasks.send(Task.of("demo.note", "tea"), options -> options.id("tea-1"));

        assertThat(calls).hasSize(2);
    }

    @Test
    void tellsListenersOfUpdates() {
        var updates = new ArrayList<String>();
        var progress = tasks.send(
                Task.of("demo.progress"), options -> options.countdown(MINUTE).trackStarted(true));
        progress.onUpdate(update -> updates.add(update.state() + " " + update.progress()));

        celeriac.clock().advance(MINUTE);

        assertThat(updates).hasSize(3).first().isEqualTo("STARTED null");
        assertThat(updates.get(1)).contains("half");
        assertThat(updates.get(2)).startsWith("SUCCESS");
    }

    @Test
    void completesFuturesInTheThreadOfTheTest() {
        var result = tasks.send(Task.of("demo.add", 2, 3), options -> options.countdown(MINUTE))
                .result()
                .thenAccept(sum -> calls.add("sum " + sum));

        celeriac.clock().advance(MINUTE);

        assertThat(result).isCompleted();
        assertThat(calls).endsWith("sum 5");
    }

    @Test
    void interruptsAHandlerAtItsTimeLimit() {
        assertThat(failure(tasks.send("demo.stuck")).type()).isEqualTo("TimeLimitExceeded");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /** Ignores interrupts until it is let go. */
    record Deaf(CountDownLatch told) {

        @TaskHandler(value = "demo.deaf", timeLimit = "PT0.01S", hardTimeLimit = "PT0.01S")
        String listen() {
            while (true) {
                try {
                    told.await();
                    return "too late";
                } catch (InterruptedException e) {
                    LOG.debug("interrupted", e);
                }
            }
        }
    }

    /** The handler goes on until the failure is told, so the time limit decides the outcome while it still runs. */
    @Test
    void givesUpAHandlerThatIgnoresItsTimeLimit() {
        var told = new CountDownLatch(1);
        var deaf = TaskSandbox.builder()
                .handlers(new Deaf(told))
                .listeners(new TaskListener() {
                    @Override
                    public void onFailure(TaskContext context, TaskError error) {
                        told.countDown();
                    }
                })
                .build();

        var given = deaf.client()
                .send(Task.of("demo.deaf"), o -> o.onFailure(new Signature(Task.of("demo.none"), null, true)));

        assertThat(failure(given).type()).isEqualTo("TimeLimitExceeded");
        assertThat(deaf.sent()).sent("demo.none").once().emittedBy(given.id());
    }

    /** The first handler waits for the second task, which another thread sends. */
    @Test
    void runsTasksOfOtherThreadsWhileAHandlerRuns() throws Exception {
        var ran = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        var shared = TaskSandbox.inline(
                Handler.of("demo.wait", (task, context) -> {
                    begun.countDown();
                    ran.await();
                    return Thread.currentThread().getName();
                }),
                Handler.of("demo.run", (task, context) -> {
                    ran.countDown();
                    return Thread.currentThread().getName();
                }));
        var other = CompletableFuture.supplyAsync(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return shared.client().send("demo.run");
        });

        var waited = shared.client().send("demo.wait");

        assertThat(waited.get(PATIENCE).asString())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(other.get().get(PATIENCE).asString())
                .isNotEqualTo(Thread.currentThread().getName());
    }

    @Test
    void keepsSecretsOutOfResults() {
        var login = tasks.send("demo.login", "ada", "difference-engine");

        assertThat(failure(login).remoteMessage()).contains("ada").doesNotContain("difference-engine");
    }

    @Test
    void tellsTaskListeners() {
        var states = new ArrayList<TaskState>();
        var heard = TaskSandbox.builder()
                .handlers(new Demo())
                .listeners(new TaskListener() {
                    @Override
                    public void afterReturn(TaskContext context, TaskState state) {
                        states.add(state);
                    }
                })
                .build();

        heard.client().send("demo.flaky", 1);

        assertThat(states).containsExactly(TaskState.RETRY, TaskState.SUCCESS);
    }

    @Test
    void takesAHandlerThatStandsForOneOfAnotherService() throws Exception {
        var other = TaskSandbox.inline(
                new Demo(),
                Handler.of(
                        "pay.charge",
                        (task, context) -> "receipt of " + task.args().get(0)));

        assertThat(other.client().send("pay.charge", 7).get(PATIENCE).asString())
                .isEqualTo("receipt of 7");
    }

    @Test
    void followsRoutesAndDefaults() {
        var routed = TaskSandbox.builder()
                .handlers(new Demo())
                .defaults(
                        new TaskDefaults(Map.of("demo.*", "demos"), Map.of("demo.note", TaskOptions.NONE.priority(7))))
                .build();

        routed.client().send("demo.note", "tea");

        assertThat(routed.sent()).sent("demo.note").once().onQueue("demos").withPriority(7);
    }

    @Test
    void sendsAfterTheCommitAtOnceAsThereIsNoTransaction() {
        tasks.sendAfterCommit(Task.of("demo.note", "tea"));
        tasks.send(Task.of("demo.note", "coffee"), TaskOptions::outbox);

        assertThat(celeriac.sent()).sent("demo.note").times(2);
        assertThat(calls).hasSize(2);
    }

    @Test
    void failsSendsWhileTheBrokerIsAway() {
        celeriac.brokerGoesAway();
        var refused = tasks.send("demo.note", "tea");

        assertThatExceptionOfType(SubmitException.class).isThrownBy(() -> refused.get(PATIENCE));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> refused.receipt().get());
        assertThat(celeriac.sent()).sentNothing();

        celeriac.brokerComesBack();
        tasks.send("demo.note", "tea");
        assertThat(calls).hasSize(1);
    }

    @Test
    void recordsWithoutRunning() throws Exception {
        var recording = TaskSandbox.recording();

        var sum = recording.client().send("demo.add", 2, 3);
        sum.revoke();

        assertThat(recording.sent()).sent("demo.add").once().withArgs(2, 3);
        assertThat(recording.revocations()).hasSize(1);
        assertThat(sum.state()).isEqualTo(TaskState.PENDING);
        assertThat(recording.held()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> sum.get(PATIENCE)).withMessageContaining("only records");
        assertThatIllegalStateException()
                .isThrownBy(() -> recording.assertHandlersMatch(Runnable.class))
                .withMessageContaining("give it handlers");
    }

    @Test
    void forgetsAllWhenItIsReset() {
        var start = celeriac.clock().instant();
        tasks.send(
                Task.of("demo.note", "tea"),
                options -> options.countdown(MINUTE).id("tea-1"));
        tasks.send("demo.fail");
        celeriac.clock().advance(Duration.ofSeconds(5));

        celeriac.reset();

        assertThat(celeriac.sent()).sentNothing();
        assertThat(celeriac.deadLetters()).isEmpty();
        assertThat(celeriac.clock().instant()).isEqualTo(start);
        celeriac.clock().advance(Duration.ofHours(1));
        assertThat(calls).isEmpty();
        tasks.send(Task.of("demo.note", "tea"), options -> options.id("tea-1"));
        assertThat(calls).hasSize(1);
    }

    @Test
    void refusesAnObjectWithoutHandlers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskSandbox.inline("no handler"))
                .withMessage("java.lang.String has no @TaskHandler method");
    }

    @Test
    void neverTurnsTheClockBack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> celeriac.clock().advance(Duration.ofSeconds(-1)))
                .withMessageContaining("does not go back");
    }
}
