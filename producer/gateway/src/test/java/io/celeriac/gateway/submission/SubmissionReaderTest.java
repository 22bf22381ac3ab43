package io.celeriac.gateway.submission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.testkit.MutableClock;
import io.celeriac.web.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmissionReaderTest {

    private final SubmissionReader reader = new SubmissionReader(MutableClock.at("2026-01-31T12:00:00Z"), 1_000);

    @Test
    void takesTheQueueOutAndCarriesUnknownFieldsAlong() {
        var submission = read("{\"task\":\"a\",\"queue\":\"mail\",\"myOwn\":{\"x\":1.50}}");

        assertThat(submission.queue()).isEqualTo("mail");
        assertThat(new String(TaskJson.bytes(submission.task()), UTF_8))
                .isEqualTo("{\"task\":\"a\",\"myOwn\":{\"x\":1.50}}");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"PT1M30S\"', 2026-01-31T12:01:30Z",
        "'\"pt90s\"', 2026-01-31T12:01:30Z",
        "90, 2026-01-31T12:01:30Z",
        "0.25, 2026-01-31T12:00:00.250Z",
        "'\"2\"', 2026-01-31T12:00:02Z",
        "0, 2026-01-31T12:00:00Z"
    })
    void turnsACountdownIntoAnEta(String countdown, String eta) {
        assertThat(read("{\"task\":\"a\",\"countdown\":" + countdown + "}")
                        .task()
                        .eta())
                .isEqualTo(eta);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"task\":\"a\",\"countdown\":-1} | countdown",
                "{\"task\":\"a\",\"countdown\":\"soon\"} | countdown",
                "{\"task\":\"a\",\"countdown\":1e400} | countdown",
                "{\"task\":\"a\",\"countdown\":true} | countdown",
                "{\"task\":\"a\",\"countdown\":1,\"eta\":\"2026-01-31T12:00:00Z\"} | countdown",
                "{\"task\":\"a\",\"queue\":7} | queue",
                "{\"task\":\"a\",\"queue\":\"No Such\"} | queue",
                "{\"task\":7} | task",
                "{} | task",
                "{\"task\":\"a\",\"priority\":10} | priority",
                "{\"task\":\"a\",\"workflow\":{\"id\":\"pay\",\"node\":\"0.0\"}} | workflow",
                "{\"task\":\"a\",\"onFailure\":[{\"task\":\"b\",\"workflow\":{\"id\":\"pay\",\"node\":\"0\"}}]} | onFailure[0].workflow",
                "{\"task\":\"a\",\"onSuccess\":[{\"task\":\"b c\"}]} | onSuccess[0].task"
            })
    void namesTheFieldThatBreaksARule(String body, String field) {
        assertThat(invalid(body, null).field()).isEqualTo(field);
    }

    @Test
    void saysWhereTheJsonEnds() {
        var error = invalid("{\"task\":\n  \"a\",,}", null);

        assertThat(error.field()).isEmpty();
        assertThat(error).hasMessageContaining("line 2, column");
    }

    @Test
    void theIdempotencyKeyBecomesTheId() {
        var json = "{\"task\":\"a\",\"id\":\"order-1\"}".getBytes(UTF_8);

        assertThat(reader.read("{\"task\":\"a\"}".getBytes(UTF_8), "order-1")
                        .task()
                        .id())
                .isEqualTo("order-1");
        assertThat(reader.read(json, "order-1").task().id()).isEqualTo("order-1");
        assertThat(invalid(new String(json, UTF_8), "order-2").field()).isEqualTo("id");
        assertThat(invalid("{\"task\":\"a\"}", "no spaces").field()).isEqualTo("Idempotency-Key");
    }

    @Test
    void refusesATaskThatIsTooLarge() {
        var error = invalid("{\"task\":\"a\",\"args\":[\"" + "x".repeat(1_000) + "\"]}", null);

        assertThat(error).hasMessageContaining("but a task may have 1000");
    }

    @Test
    void readsABatchInOrderOrNamesTheOneAtFault() {
        var both = readAll("[{\"task\":\"a\"},{\"task\":\"b\",\"queue\":\"mail\"}]");
        var torn = catchThrowableOfType(
                InvalidTaskException.class, () -> readAll("[{\"task\":\"a\"},{\"task\":\"b\",\"args\":6}]"));
        var many = catchThrowableOfType(
                ProblemException.class, () -> readAll("[" + "{\"task\":\"a\"},".repeat(Limits.BATCH) + "7"));

        assertThat(both).extracting(submission -> submission.task().task()).containsExactly("a", "b");
        assertThat(torn.field()).isEqualTo("[1].args");
        assertThat(many).hasMessageContaining("at most 10000");
    }

    /** Its end has not come, and will not: else a batch of any size would be in memory before the first look at it. */
    @Test
    void stopsAtTheFirstTaskThatIsTooMuch() {
        var endless = new SequenceInputStream(
                new ByteArrayInputStream("[{\"task\":\"a\"},{},".getBytes(UTF_8)), new Endless());
        var large = new SequenceInputStream(
                new ByteArrayInputStream("[{\"task\":\"a\"},{\"task\":\"a\",\"args\":[[".getBytes(UTF_8)),
                new Endless());

        assertThatThrownBy(() -> reader.readAll(endless, (index, submission) -> submission))
                .isInstanceOfSatisfying(
                        InvalidTaskException.class, e -> assertThat(e.field()).startsWith("[1]"));
        assertThatThrownBy(() -> reader.readAll(large, (index, submission) -> submission))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("[1] is too large");
    }

    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return ' ';
        }
    }

    private List<Submission> readAll(String body) {
        return reader.readAll(new ByteArrayInputStream(body.getBytes(UTF_8)), (index, submission) -> submission);
    }

    private Submission read(String body) {
        return reader.read(body.getBytes(UTF_8), null);
    }

    private InvalidTaskException invalid(String body, String idempotencyKey) {
        return catchThrowableOfType(
                InvalidTaskException.class, () -> reader.read(body.getBytes(UTF_8), idempotencyKey));
    }
}
