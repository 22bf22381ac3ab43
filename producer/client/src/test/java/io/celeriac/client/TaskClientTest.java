package io.celeriac.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.WorkflowMember;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TaskClientTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(Cluster.empty(), false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TaskClient client =
            new TaskClient(new TaskSender(producer, new Topics("celeriac"), InstantSource.fixed(NOW)));

    record SendEmail(String to, int copies) {
        static final TaskType<SendEmail, String> TASK = TaskType.of("email.send", SendEmail.class, String.class);
    }

    @Test
    void knowsTheIdBeforeTheBrokerHasTheTask() {
        var handle = client.send("demo.add", 1, 2);

        assertThat(handle.receipt()).isNotDone();
        assertThat(UUID.fromString(handle.id()).version()).isEqualTo(7);
        producer.completeNext();
        assertThat(handle.receipt().join()).isEqualTo(new Receipt(handle.id(), "default", 0, 0));
        assertThat(sent(0).args()).extracting(Object::toString).containsExactly("1", "2");
    }

    /** Its end would end a task of somebody else's workflow. */
    @Test
    void refusesATaskThatClaimsAPlaceInAWorkflow() {
        var task =
                Task.named("any").workflow(new WorkflowMember("pay", "0.0", 0)).build();

        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> client.send(task))
                .withMessageStartingWith("workflow must be absent");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void writesEveryOptionIntoTheTask() {
        client.send(
                SendEmail.TASK,
                new SendEmail("ada@example.org", 2),
                o -> o.queue("mail")
                        .id("order-7")
                        .key("customer-1")
                        .priority(9)
                        .countdown(Duration.ofMinutes(5))
                        .expires(Duration.ofHours(1))
                        .maxAttempts(4)
                        .backoff(Backoff.DEFAULT)
                        .timeLimit(Duration.ofSeconds(30))
                        .trackStarted(true)
                        .ignoreResult(true)
                        .label("tenant", "42")
                        .header("source", "shop")
                        .onSuccess(Signature.of(Task.of("audit.note")))
                        .onFailure(Signature.of(Task.of("audit.alarm"))));

        var record = producer.history().get(0);
        assertThat(record.topic()).isEqualTo("celeriac.tasks.mail");
        assertThat(new String(record.key(), UTF_8)).isEqualTo("customer-1");
        assertThat(new String(record.headers().lastHeader("source").value(), UTF_8))
                .isEqualTo("shop");
        assertThat(sent(0))
                .isEqualTo(Task.named("email.send")
                        .id("order-7")
                        .kwarg("to", "ada@example.org")
                        .kwarg("copies", 2)
                        .key("customer-1")
                        .priority(9)
                        .eta(NOW.plusSeconds(300))
                        .expires(NOW.plusSeconds(3600))
                        .maxAttempts(4)
                        .backoff(Backoff.DEFAULT)
                        .timeLimit(Duration.ofSeconds(30))
                        .trackStarted(true)
                        .ignoreResult(true)
                        .label("tenant", "42")
                        .onSuccess(List.of(Signature.of(Task.of("audit.note"))))
                        .onFailure(List.of(Signature.of(Task.of("audit.alarm"))))
                        .submittedAt(NOW)
                        .build());
    }

    @Test
    void routesByTheLongestPatternUnlessTheCallNamesAQueue() {
        var routed = client.with(new TaskDefaults(
                Map.of("mail.*", "mail", "mail.bulk.*", "bulk", "*", "rest"),
                Map.of("mail.*", TaskOptions.NONE.priority(2))));

        routed.send("mail.send");
        routed.send("mail.bulk.send");
        routed.send("report.make");
        routed.sendTo("urgent", Task.of("mail.send"));
        routed.send(Task.of("mail.send"), o -> o.priority(7));

        assertThat(producer.history())
                .extracting(record -> record.topic().substring("celeriac.tasks.".length()))
                .containsExactly("mail", "bulk", "rest", "urgent", "mail");
        assertThat(sent(0).priority()).isEqualTo(2);
        assertThat(sent(2).priority()).isNull();
        assertThat(sent(4).priority()).isEqualTo(7);
    }

    @Test
    void sendsNoneOfManyWhenOneBreaksTheContract() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> client.sendAll(
                        SendEmail.TASK, List.of(new SendEmail("ada", 1), new SendEmail("x".repeat(1_030_000), 1))));
        assertThat(producer.history()).isEmpty();

        assertThat(client.sendAll(SendEmail.TASK, List.of(new SendEmail("ada", 1), new SendEmail("bob", 1))))
                .hasSize(2);
        assertThat(sent(1).kwargs().get("to").stringValue()).isEqualTo("bob");
    }

    @Test
    void tellsWhoWaitsThatTheTaskWasNotSent() {
        var handle = client.send("demo.add", 1, 2);
        producer.errorNext(new TimeoutException("no answer"));

        assertThat(handle.receipt()).isCompletedExceptionally();
        assertThatIllegalStateException()
                .isThrownBy(() -> handle.get(Duration.ofSeconds(1)))
                .withMessage("this client does not read results: give it a ResultReader");
    }

    @Test
    void refusesOptionsThatCannotBe() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> client.send(Task.of("a"), o -> o.countdown(Duration.ofSeconds(-1))))
                .withMessage("countdown must not be negative, but is PT-1S");
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> client.send(Task.of("a"), o -> o.maxAttempts(0)))
                .satisfies(e -> assertThat(e.field()).isEqualTo("maxAttempts"));
        assertThatIllegalStateException()
                .isThrownBy(() -> client.send(Task.of("a"), TaskOptions::outbox))
                .withMessageContaining("celeriac.client.outbox.enabled");
    }

    private Task sent(int number) {
        return TaskJson.task(producer.history().get(number).value());
    }
}
