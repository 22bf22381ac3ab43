package io.celeriac.engine.stream;

import static io.celeriac.contract.task.TaskState.FAILURE;
import static io.celeriac.contract.task.TaskState.RETRY;
import static io.celeriac.contract.task.TaskState.REVOKED;
import static io.celeriac.contract.task.TaskState.STARTED;
import static io.celeriac.contract.task.TaskState.SUCCESS;
import static io.celeriac.engine.stream.QueueScenario.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.Retry;
import io.celeriac.engine.Secret;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskHandler;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.handler.HandlerRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A secret must not be in any byte of the results topic nor in any line of a log, whatever becomes of its task; and it must be
 * all there for the handler, for a retry, for the next step, and in the dead letter, which says that it is not to be shown.
 */
class SecretTest {

    private static final String SECRET = "hunter2-and-more";

    private final List<String> called = new ArrayList<>();
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            var thrown = event.getThrowableProxy();
            logged.add(event.getFormattedMessage()
                    + event.getMDCPropertyMap()
                    + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
        }
    };
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final QueueScenario.Setup setup = QueueScenario.with();
    private QueueScenario queue;

    record Credentials(String user, String password) {}

    record Unwritable(String value) {
        @SuppressWarnings("unused")
        public String getWord() {
            if (!value.isEmpty()) {
                throw new IllegalStateException("cannot tell " + value);
            }
            return value;
        }
    }

    @SuppressWarnings("unused")
    class Handlers {

        @TaskHandler("login")
        void login(TaskContext context, String user, @Secret String password) {
            called.add(user + "/" + password);
        }

        @TaskHandler("failing")
        void failing(String user, @Secret String password) throws IOException {
            called.add(user + "/" + password);
            throw new IOException("no " + password, new IllegalStateException("because of " + password));
        }

        @TaskHandler(value = "flaky", retry = @Retry(maxAttempts = 2, delay = "PT2S", jitter = false))
        void flaky(TaskContext context, @Secret Map<String, String> secrets) throws IOException {
            called.add(secrets.get("key"));
            if (context.attempt() == 1) {
                throw new IOException("bad " + secrets);
            }
        }

        @TaskHandler("number")
        void number(@Secret int pin) {}

        @TaskHandler("record")
        void record(@Secret Credentials credentials) {
            called.add(credentials.user + "/" + credentials.password);
        }

        @TaskHandler(value = "token", secretResult = true)
        String token(String user) {
            return SECRET;
        }

        @TaskHandler(value = "unwritable", secretResult = true)
        Unwritable unwritable() {
            return new Unwritable(SECRET);
        }

        @TaskHandler(value = "all", secret = true)
        String all(String a, String b) {
            return a + b;
        }

        @TaskHandler("use")
        void use(String token, String more) {
            called.add(token + "/" + more);
        }

        @TaskHandler("open")
        void open(String value) {
            throw new IllegalStateException("no " + value);
        }
    }

    @BeforeEach
    void listen() {
        var handlers = new Handlers();
        Arrays.stream(Handlers.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(TaskHandler.class))
                .forEach(method -> setup.handler(
                        HandlerRegistry.handler(handlers, method, method.getAnnotation(TaskHandler.class))));
        root.setLevel(Level.DEBUG);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void close() {
        root.detachAppender(log);
        root.setLevel(level);
        queue.close();
    }

    @Test
    void givesTheHandlerWhatTheResultDoesNotTell() {
        start().submit(task("login", "a").args("ann", SECRET).trackStarted(true).build())
                .submit(task("login", "b").args("ann").kwarg("password", SECRET).build())
                .submit(task("record", "c")
                        .kwarg("user", "ann")
                        .kwarg("password", SECRET)
                        .build());

        assertThat(called).containsExactly("ann/" + SECRET, "ann/" + SECRET, "ann/" + SECRET);
        var results = publishedResults();
        assertThat(results)
                .extracting(TaskResult::id, TaskResult::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", STARTED),
                        org.assertj.core.groups.Tuple.tuple("a", SUCCESS),
                        org.assertj.core.groups.Tuple.tuple("b", SUCCESS),
                        org.assertj.core.groups.Tuple.tuple("c", SUCCESS));
        assertThat(results.get(1).args()).hasToString("[\"ann\", \"[secret]\"]");
        assertThat(results.get(2).kwargs()).hasToString("{password=\"[secret]\"}");
        assertThat(results.get(3).kwargs()).hasToString("{user=\"[secret]\", password=\"[secret]\"}");
    }

    @Test
    void takesTheSecretOutOfAFailureAndOutOfTheLog() {
        start().submit(task("failing", "a")
                .args("ann", SECRET)
                .onFailure(List.of(Signature.of(Task.named("login").args("x").build())))
                .build());

        var result = only(publishedResults());
        assertThat(result.state()).isEqualTo(FAILURE);
        assertThat(result.error().type()).isEqualTo("java.io.IOException");
        assertThat(result.error().message()).isEqualTo("no [secret]");
        assertThat(result.error().stackTrace()).contains("because of [secret]", "SecretTest");
        assertThat(logged)
                .anySatisfy(line -> assertThat(line).contains("has failed at attempt 1", "no [secret]", "SecretTest"));
        var step = only(queue.emitted("default"));
        assertThat(step.args().toString()).contains("no [secret]").doesNotContain(SECRET);
    }

    /** So that the tests above and below cannot pass because nothing is looked at. */
    @Test
    void tellsWhatIsNotSecret() {
        start().submit(task("open", "a").args(SECRET).build());

        assertThat(only(queue.results()).error().message()).isEqualTo("no " + SECRET);
        assertThat(logged).anySatisfy(line -> assertThat(line).contains(SECRET));
        assertThat(only(queue.deadLetters()).secret()).isFalse();
        logged.clear();
    }

    @Test
    void keepsTheDeadLetterAsItCameAndSaysThatItIsSecret() {
        start().submit(task("failing", "a").args("ann", SECRET).build());

        var dead = only(queue.deadLetterRecords());
        assertThat(new String(dead.value(), UTF_8)).contains(SECRET);
        assertThat(DeadLetter.from(dead.headers()).secret()).isTrue();
        assertThat(DeadLetter.from(dead.headers()).message()).isEqualTo("java.io.IOException: no [secret]");
        assertThat(headers(dead)).doesNotContain(SECRET);
    }

    @Test
    void retriesWithTheRealArguments() {
        start().submit(task("flaky", "a").args(Map.of("key", SECRET)).build()).advance(ofSeconds(3));

        assertThat(called).containsExactly(SECRET, SECRET);
        var results = publishedResults();
        assertThat(results).extracting(TaskResult::state).containsExactly(RETRY, SUCCESS);
        assertThat(results.get(0).error().message()).isEqualTo("bad {key=[secret]}");
        assertThat(results.get(1).args()).hasToString("[\"[secret]\"]");
    }

    @Test
    void quotesNoArgumentThatDoesNotFit() {
        start().submit(task("number", "a").args(SECRET.repeat(9)).build())
                .submit(task("login", "b").args("ann", "x", SECRET).build())
                .submit(task("login", "c").args("ann").kwarg("pasword", SECRET).build());

        var results = publishedResults();
        assertThat(results).extracting(TaskResult::state).containsOnly(FAILURE);
        assertThat(results.get(0).error().type()).isEqualTo("InvalidArguments");
        assertThat(results.get(0).error().message()).isEqualTo("number(pin): \"pin\" must be int");
        assertThat(results.get(2).error().message()).contains("has no argument \"pasword\"");
    }

    @Test
    void doesNotTellWhatIsRevokedOrExpired() {
        start();
        queue.revoked.add("a");
        queue.submit(task("login", "a").args("ann", SECRET).build())
                .submit(task("login", "b")
                        .args("ann", SECRET)
                        .expires(START.minusSeconds(1))
                        .build());

        var results = publishedResults();
        assertThat(results).extracting(TaskResult::state).containsExactly(REVOKED, REVOKED);
        assertThat(results.get(0).args()).hasToString("[\"ann\", \"[secret]\"]");
    }

    /** Nobody here knows what is secret of it, so nothing is told. */
    @Test
    void leavesOutTheArgumentsOfATaskWithoutHandler() {
        start().submit(task("elsewhere", "a")
                .args("ann", SECRET)
                .kwarg("b", SECRET)
                .build());
        queue.revoked.add("b");
        queue.submit(task("elsewhere", "b").args("ann", SECRET).build());
        queue.advance(ofMinutes(11));

        var results = publishedResults();
        assertThat(results).extracting(TaskResult::state).containsExactly(REVOKED, FAILURE);
        assertThat(results).allSatisfy(result -> assertThat(result.args()).isEmpty());
        assertThat(results).allSatisfy(result -> assertThat(result.kwargs()).isEmpty());
        assertThat(only(queue.deadLetters()).secret()).isTrue();
    }

    @Test
    void givesTheNextStepASecretResultWhichStaysSecretThere() {
        start().submit(task("token", "a")
                .args("ann")
                .onSuccess(List.of(
                        new Signature(Task.named("use").args("more").build(), null, false),
                        new Signature(Task.named("use").args("own", "arguments").build(), null, true)))
                .build());
        var result = only(publishedResults());
        assertThat(result.args()).hasToString("[\"ann\"]");
        assertThat(result.result()).hasToString("\"[secret]\"");

        queue.settle().settle(); // the driver gives the queue's topic back to the queue

        assertThat(called).containsExactly(SECRET + "/more", "own/arguments");
        var used = publishedResults();
        assertThat(used.get(0).args()).hasToString("[\"[secret]\", \"[secret]\"]");
        assertThat(used.get(1).args()).hasToString("[\"own\", \"arguments\"]");
    }

    @Test
    void tellsNoSecretResultThatCannotBeWritten() {
        start().submit(task("unwritable", "a").build());

        var result = only(publishedResults());
        assertThat(result.state()).isEqualTo(FAILURE);
        assertThat(result.error().message()).isEqualTo("the result, which is secret, cannot be written as JSON");
    }

    @Test
    void hidesAllOfATaskThatIsSecretAsAWhole() {
        start().submit(task("all", "a").args(SECRET, SECRET).build());

        var result = only(publishedResults());
        assertThat(result.args()).hasToString("[\"[secret]\", \"[secret]\"]");
        assertThat(result.result()).hasToString("\"[secret]\"");
    }

    @Test
    void obeysTheRulesBesideTheHandlersAlsoByTheNameOfAParameter() {
        setup.rules(new RedactionRules(List.of(new RedactionRules.Rule("op*", List.of("value"), false))));
        start().submit(task("open", "a").args(SECRET).build());

        var result = only(publishedResults());
        assertThat(result.args()).hasToString("[\"[secret]\"]");
        assertThat(result.error().message()).isEqualTo("no [secret]");
        assertThat(only(queue.deadLetters()).secret()).isTrue();
    }

    @Test
    void quotesNothingOfARecordThatIsNoTask() {
        start().submit("k", ("{\"task\":\"login\",\"args\":[" + SECRET.replace("-", "") + "]}").getBytes(UTF_8))
                .submit("k", ("{\"task\":\"login\",\"eta\":\"" + SECRET + "\"}").getBytes(UTF_8))
                .submit("k", SECRET.replace("-", "").getBytes(UTF_8));

        assertThat(queue.deadLetters())
                .hasSize(3)
                .allSatisfy(letter -> assertThat(letter.secret()).isTrue())
                .allSatisfy(letter -> assertThat(letter.message()).doesNotContain("hunter2"));
        assertThat(logged)
                .anySatisfy(line -> assertThat(line).contains("eta breaks a rule"))
                .allSatisfy(line -> assertThat(line).doesNotContain("hunter2"));
    }

    /** A next step that cannot be sent is set aside with the result in it. */
    @Test
    void saysOfAStepThatCannotBeSentThatItIsSecret() {
        start().submit(task("token", "a")
                .args("ann")
                .onSuccess(List.of(new Signature(Task.named("use").build(), "forbidden", false)))
                .build());

        assertThat(only(queue.deadLetters()).secret()).isTrue();
        assertThat(only(publishedResults()).state()).isEqualTo(SUCCESS);
    }

    @Test
    void tellsListenersOfAFailureWithoutTheSecretAndLogsTheirsWithoutIt() {
        var told = new ArrayList<String>();
        setup.listener(new TaskListener() {
            @Override
            public void onFailure(TaskContext context, TaskError error) {
                told.add(error.message());
                throw new IllegalStateException("of " + SECRET);
            }
        });
        start().submit(task("failing", "a").args("ann", SECRET).build());

        assertThat(told).containsExactly("no [secret]");
        assertThat(only(publishedResults()).state()).isEqualTo(FAILURE);
        assertThat(logged).anySatisfy(line -> assertThat(line).contains("of [secret]"));
    }

    /** What has been published since the last call, of which no byte tells the secret; nor does any line that was logged. */
    private List<TaskResult> publishedResults() {
        var records = queue.resultRecords();
        assertThat(records).allSatisfy(record -> {
            assertThat(new String(record.value(), UTF_8)).doesNotContain("hunter2");
            assertThat(headers(record)).doesNotContain("hunter2");
        });
        assertThat(logged).isNotEmpty().allSatisfy(line -> assertThat(line).doesNotContain("hunter2"));
        return records.stream().map(record -> TaskJson.result(record.value())).toList();
    }

    private static String headers(TestRecord<byte[], byte[]> record) {
        var text = new StringBuilder();
        new RecordHeaders(record.headers())
                .forEach(header -> text.append(header.key()).append(new String(header.value(), UTF_8)));
        return text.toString();
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
