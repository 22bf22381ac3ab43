package io.celeriac.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.FailedAttempt;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.SourceRecord;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTaskCodecTest {

    private static final Instant THEN = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final byte[] VALUE = "{\"task\":\"demo.add\",\"args\":[1,2.50],\"mine\":true}".getBytes(UTF_8);

    private final StoredTaskCodec codec = new StoredTaskCodec(
            "default", "celeriac.tasks.default", (task, why) -> List.of(publication(String.valueOf(why.getMessage()))));

    @Test
    void bringsAWaitingTaskBack() {
        var failure = new FailedAttempt(1, THEN, THEN.plusMillis(5), "w", new TaskError("X", "ä", null));
        var waiting = new Waiting(task(new byte[] {1, 2}).failed(failure, 7).survived(), 1_000);

        var back = (Waiting) codec.decode("a", codec.encode(waiting));

        assertThat(back).usingRecursiveComparison().isEqualTo(waiting);
        assertThat(back.task().attempts()).isEqualTo(1);
        assertThat(back.task().id()).isEqualTo("a");
    }

    @Test
    void bringsARetryBackThatHasStillToBePublished() {
        var waiting = new Waiting(task(null), 7, List.of(publication("retry")));

        assertThat(codec.outline("a", codec.encode(waiting)).hasUnpublished()).isTrue();
        assertThat(codec.decode("a", codec.encode(waiting)))
                .usingRecursiveComparison()
                .isEqualTo(waiting);
    }

    @Test
    void bringsAnOutcomeBackThatHasStillToBePublished() {
        var ended = new Ended(task(null), TaskState.SUCCESS, List.of(publication("step")));

        assertThat(codec.decode("a", codec.encode(ended)))
                .usingRecursiveComparison()
                .isEqualTo(ended);
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() {
        var bytes = codec.encode(new Waiting(task(null), 0));
        bytes[0] = 3;

        assertThatIllegalStateException()
                .isThrownBy(() -> codec.decode("a", bytes))
                .withMessageContaining("format 3")
                .withMessageContaining("another version");
    }

    /** Rules may become stricter. A task that was taken on before must not keep its partition from starting, nor vanish. */
    @Test
    void endsATaskThatTheRulesOfTodayRefuse() {
        var bytes = codec.encode(new Waiting(task("{\"task\":\"no spaces\"}".getBytes(UTF_8), null), 0));

        var back = (Ended) codec.decode("a", bytes);

        assertThat(back.task().id()).isEqualTo("a");
        assertThat(new String(back.unpublished().get(0).value(), UTF_8)).startsWith("task ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", ".."})
    void endsATaskWhoseIdTheRulesOfTodayRefuse(String id) {
        var back = (Ended) codec.decode(id, codec.encode(new Waiting(task(null), 0)));

        assertThat(back.task().id()).isEqualTo(id);
        assertThat(new String(back.unpublished().get(0).value(), UTF_8)).startsWith("id ");
    }

    @Test
    void bringsAnOutcomeBackWhoseIdTheRulesOfTodayRefuse() {
        var ended = new Ended(task(null), TaskState.SUCCESS, List.of(publication("step")));

        var back = (Ended) codec.decode("batch", codec.encode(ended));

        assertThat(back.task().id()).isEqualTo("batch");
        assertThat(back.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(back.unpublished()).usingRecursiveComparison().isEqualTo(ended.unpublished());
    }

    private static OutboundRecord publication(String value) {
        return new OutboundRecord(
                Destination.NEXT_STEPS, "t", null, value.getBytes(UTF_8), List.of(new RecordHeader("h", new byte[] {3
                })));
    }

    private static AcceptedTask task(byte[] key) {
        return task(VALUE, key);
    }

    private static AcceptedTask task(byte[] value, byte[] key) {
        var headers = new RecordHeaders().add("traceparent", "00-1".getBytes(UTF_8));
        var origin = new SourceRecord("default", "celeriac.tasks.default", 3, 41, THEN, key, value, headers);
        return AcceptedTask.first(
                origin, TaskJson.task(VALUE).toBuilder().id("a").build(), THEN);
    }
}
