package io.celeriac.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TaskSenderTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(Cluster.empty(), false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TaskSender client = new TaskSender(producer, new Topics("celeriac"), InstantSource.fixed(NOW));

    record SendEmail(String to, int copies) {
        static final TaskType<SendEmail, JsonNode> TASK = TaskType.of("email.send", SendEmail.class);
    }

    @Test
    void answersWhenTheBrokerHasIt() {
        var receipt = client.sendTo("default", Task.of("demo.add", 1, 2));
        assertThat(receipt).isNotDone();

        producer.completeNext();

        var sent = producer.history().get(0);
        var task = TaskJson.task(sent.value());
        assertThat(sent.topic()).isEqualTo("celeriac.tasks.default");
        assertThat(new String(sent.key(), UTF_8)).isEqualTo(task.id());
        assertThat(UUID.fromString(task.id()).version()).isEqualTo(7);
        assertThat(task.args()).extracting(Object::toString).containsExactly("1", "2");
        assertThat(task.submittedAt()).isEqualTo(NOW);
        assertThat(receipt.join()).isEqualTo(new Receipt(task.id(), "default", 0, 0));
    }

    @Test
    void carriesTheTraceOfItsSenderOn() {
        var trace = new HashMap<String, String>();
        var tracing = client.continuing(() -> trace);
        tracing.sendTo("default", Task.of("demo.add", 1, 2));
        trace.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        tracing.sendTo("default", Task.of("demo.add", 1, 2));

        assertThat(producer.history().get(0).headers()).isEmpty();
        assertThat(producer.history().get(1).headers().lastHeader("traceparent").value())
                .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(UTF_8));
    }

    @Test
    void keepsTheCallersIdAndPlacesByKey() {
        client.sendTo(
                "mail", Task.named("email.send").id("order-7").key("customer-1").build());

        var sent = producer.history().get(0);
        assertThat(sent.topic()).isEqualTo("celeriac.tasks.mail");
        assertThat(new String(sent.key(), UTF_8)).isEqualTo("customer-1");
        assertThat(TaskJson.task(sent.value()).id()).isEqualTo("order-7");
    }

    @Test
    void writesTypedArgumentsByName() {
        client.sendTo("default", SendEmail.TASK.with(new SendEmail("ada@example.org", 2)));

        assertThat(new String(producer.history().get(0).value(), UTF_8))
                .contains("\"kwargs\":{\"to\":\"ada@example.org\",\"copies\":2}");
    }

    @Test
    void answersManyInTheirOrder() {
        var receipts = client.sendAllTo("default", List.of(task("a"), task("b"), task("c")));
        while (producer.completeNext()) {}

        assertThat(receipts.join()).extracting(Receipt::id).containsExactly("a", "b", "c");
    }

    @Test
    void saysWhichTaskWasNotTaken() {
        var receipt = client.sendTo("default", task("a"));

        producer.errorNext(new TimeoutException("no answer"));

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(receipt::join)
                .havingCause()
                .isInstanceOf(SubmitException.class)
                .withMessage("task a (demo.noop) was not taken by queue default: no answer");
    }

    @Test
    void failsTheReceiptWhenTheProducerRefusesAtOnce() {
        producer.sendException = new RecordTooLargeException("too large");

        assertThat(client.sendTo("default", task("a"))).isCompletedExceptionally();
    }

    @Test
    void ordersARevocationFromAllWorkers() {
        var ordered = client.revoke("a", true);

        var sent = producer.history().get(0);
        assertThat(sent.topic()).isEqualTo("celeriac.control");
        assertThat(new String(sent.key(), UTF_8)).isEqualTo("a");
        assertThat(TaskJson.command(sent.value())).isEqualTo(Command.revoke("a", true, NOW));
        assertThat(ordered).isNotDone();
        producer.completeNext();
        assertThat(ordered).isCompleted();

        var refused = client.revoke("b", false);
        producer.errorNext(new TimeoutException("no answer"));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(refused::join)
                .havingCause()
                .withMessage("the command to revoke task b was not taken: no answer");
    }

    @Test
    void refusesAQueueThatCannotBe() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> client.sendTo("Mail", task("a")))
                .satisfies(e -> assertThat(e.field()).isEqualTo("queue"));
        assertThat(producer.history()).isEmpty();
    }

    /** A worker could not keep it, so that it would fail after it was accepted. */
    @Test
    void refusesATaskThatAWorkerWouldSetAside() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> client.sendTo("default", Task.of("demo.noop", "x".repeat(1_030_000))))
                .withMessageMatching("has 1030\\d\\d\\d bytes, but a task may have 1022976 \\(by max.request.size\\)");
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() ->
                        client.withRequestsUpTo(100_000).sendTo("default", Task.of("demo.noop", "x".repeat(80_000))));
        client.withRequestsUpTo(2_000_000).sendTo("default", Task.of("demo.noop", "x".repeat(1_030_000)));

        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void sendsNoneOfManyWhenOneBreaksTheContract() {
        var large = Task.named("demo.noop").args("x".repeat(1_030_000)).build();

        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> client.sendAllTo("default", List.of(task("a"), large)));

        assertThat(producer.history()).isEmpty();
    }

    private static Task task(String id) {
        return Task.named("demo.noop").id(id).build();
    }
}
