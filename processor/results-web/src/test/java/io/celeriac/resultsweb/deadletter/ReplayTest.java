package io.celeriac.resultsweb.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.WorkflowMember;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Topics TOPICS = new Topics("test");
    private static final Task TASK = Task.named("mail.send")
            .id("old")
            .kwarg("password", "hunter2")
            .maxAttempts(3)
            .onFailure(List.of(Signature.of(Task.of("alert"))))
            .expires(NOW.plusSeconds(1))
            .submittedAt(NOW)
            .build();

    @Test
    void sendsEverythingAgainUnderANewId() {
        var replay = Replay.of(
                letter("test.tasks.mail", 3, TaskJson.bytes(TASK)), ReplayChange.NONE, true, "new", TOPICS, NOW);

        assertThat(replay.queue()).isEqualTo("mail");
        assertThat(replay.task())
                .isEqualTo(TASK.toBuilder()
                        .id("new")
                        .retryOf("old")
                        .submittedAt(null)
                        .build());
        assertThat(replay.recordKey()).isEqualTo("customer".getBytes(UTF_8));
        assertThat(replay.headers()).extracting(Header::key).containsExactly("traceparent", DeadLetter.SECRET);
        assertThat(replay.edited()).isFalse();
    }

    @Test
    void doesNotEndAtOnceBecauseItHadExpired() {
        var late = letter("test.tasks.mail", 3, TaskJson.bytes(TASK));

        assertThat(Replay.of(late, ReplayChange.NONE, true, "new", TOPICS, NOW.plusSeconds(1))
                        .task()
                        .expires())
                .isNull();
    }

    @Test
    void takesAnotherValueAndQueue() {
        var change = ReplayChange.read(
                "{\"value\":{\"task\":\"a\",\"args\":[1.50],\"key\":\"k\"},\"queue\":\"slow\"}".getBytes(UTF_8));

        var replay = Replay.of(letter("test.tasks.mail", 3, "{".getBytes(UTF_8)), change, true, "new", TOPICS, NOW);

        assertThat(replay.queue()).isEqualTo("slow");
        assertThat(TaskJson.MAPPER.writeValueAsString(replay.task().args())).isEqualTo("[1.50]");
        assertThat(replay.task().retryOf()).isEqualTo(TaskIds.ofRecord("test.tasks.mail", 3, 7));
        assertThat(replay.recordKey()).isEqualTo("k".getBytes(UTF_8));
        assertThat(replay.edited()).isTrue();
    }

    private static ReplayChange valueWith(WorkflowMember member) {
        var value = TASK.toBuilder().id(null).workflow(member).build();
        return ReplayChange.read(("{\"value\":" + new String(TaskJson.bytes(value), UTF_8) + "}").getBytes(UTF_8));
    }

    /** Its end would end a task of somebody else's workflow. */
    @Test
    void keepsAPlaceInAWorkflowAndTakesNoOther() {
        var member = new WorkflowMember("flow", "0.1", 0);
        var letter = letter(
                "test.tasks.mail",
                3,
                TaskJson.bytes(TASK.toBuilder().workflow(member).build()));

        assertThat(replay(letter).task().workflow()).isEqualTo(member);
        assertThat(Replay.of(letter, valueWith(member), true, "new", TOPICS, NOW)
                        .task()
                        .workflow())
                .isEqualTo(member);
        var other = valueWith(new WorkflowMember("pay", "0.1", 0));
        assertThatThrownBy(() -> Replay.of(letter, other, true, "new", TOPICS, NOW))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageStartingWith("value.workflow must be absent");
        var plain = letter("test.tasks.mail", 3, TaskJson.bytes(TASK));
        assertThatThrownBy(() -> Replay.of(plain, valueWith(member), true, "new", TOPICS, NOW))
                .isInstanceOf(InvalidTaskException.class);
    }

    @Test
    void refusesWhatDidNotComeFromAQueue() {
        assertThatThrownBy(() -> replay(letter("test.results", 0, TaskJson.bytes(TASK))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("came from test.results, which is no queue");
        assertThatThrownBy(() -> replay(record(new RecordHeaders(), TaskJson.bytes(TASK))))
                .hasMessageContaining("its headers are missing");
    }

    @Test
    void asksForAValueWhereThereIsNoneThatCanBeRead() {
        assertThatThrownBy(() -> replay(letter("test.tasks.mail", 3, null))).hasMessageContaining("has no value");
        assertThatThrownBy(() -> replay(letter("test.tasks.mail", 3, "{\"task\":7}".getBytes(UTF_8))))
                .hasMessageContaining("send a corrected value");
    }

    @Test
    void namesTheFieldOfAValueThatIsNoTask() {
        var change = ReplayChange.read("{\"value\":{\"task\":\"a\",\"priority\":99}}".getBytes(UTF_8));

        assertThatThrownBy(() -> Replay.of(letter("test.tasks.mail", 3, null), change, true, "new", TOPICS, NOW))
                .isInstanceOfSatisfying(
                        InvalidTaskException.class, e -> assertThat(e.field()).isEqualTo("value.priority"));
    }

    private static Replay replay(ConsumerRecord<byte[], byte[]> letter) {
        return Replay.of(letter, ReplayChange.NONE, true, "new", TOPICS, NOW);
    }

    private static ConsumerRecord<byte[], byte[]> letter(String topic, int partition, byte @Nullable [] value) {
        var headers = new RecordHeaders();
        headers.add("traceparent", "t".getBytes(UTF_8));
        new DeadLetter(DeadLetter.Reason.FAILED, "why", topic, partition, 7, NOW, true).addTo(headers);
        headers.add("celeriac-attempts", "[]".getBytes(UTF_8));
        return record(headers, value);
    }

    private static ConsumerRecord<byte[], byte[]> record(RecordHeaders headers, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "test.dead-letters",
                0,
                9,
                NOW.toEpochMilli(),
                TimestampType.CREATE_TIME,
                8,
                0,
                "customer".getBytes(UTF_8),
                value,
                headers,
                java.util.Optional.empty());
    }
}
