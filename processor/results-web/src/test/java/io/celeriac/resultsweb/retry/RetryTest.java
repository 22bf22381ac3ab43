package io.celeriac.resultsweb.retry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryTest {

    private static final Task OLD = Task.named("mail.send")
            .id("old")
            .args(1, "two")
            .kwarg("to", "ada@example.org")
            .kwarg("password", "hunter2")
            .key("customer-7")
            .priority(9)
            .label("tenant", "acme")
            .parentId("parent")
            .rootId("root")
            .groupId("group")
            .schedule(new Firing("nightly", Instant.EPOCH))
            .eta(Instant.EPOCH)
            .submittedAt(Instant.EPOCH)
            .build();

    @Test
    void repeatsWhatTheResultKnows() {
        var retry = Retry.of(ended(), "new");

        assertThat(retry.queue()).isEqualTo("mail");
        assertThat(retry.task())
                .isEqualTo(OLD.toBuilder()
                        .id("new")
                        .retryOf("old")
                        .eta(null)
                        .submittedAt(null)
                        .build());
    }

    @Test
    void replacesArgumentsAndQueue() {
        var changes = RetryChanges.read("{\"args\":[1.50],\"kwargs\":{},\"queue\":\"slow\"}".getBytes(UTF_8));

        var retry = Retry.of(ended(), changes, null);

        assertThat(retry.queue()).isEqualTo("slow");
        assertThat(TaskJson.MAPPER.writeValueAsString(retry.task().args())).isEqualTo("[1.50]");
        assertThat(retry.task().kwargs()).isEmpty();
        assertThat(retry.task().id()).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskState.class,
            names = {"PENDING", "STARTED", "RETRY"})
    void refusesATaskThatHasNotEnded(TaskState state) {
        var running = TaskResult.of(OLD, "mail", state).build();

        assertThatThrownBy(() -> Retry.of(running, null))
                .hasMessage("task old is " + state + "; only a task that has ended can be retried");
    }

    @Test
    void namesEachArgumentThatIsSecret() {
        var redacted = new Redaction(Set.of(1), Set.of("password"), false, false, null).redact(ended());

        assertThatThrownBy(() -> Retry.of(redacted, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("args[1], kwargs.password");
        assertThatThrownBy(() -> Retry.of(redacted, new RetryChanges(List.of(), null, null), null))
                .hasMessageEndingWith("are not all known: kwargs.password");
        assertThat(Retry.of(redacted, new RetryChanges(List.of(), Map.of(), null), null)
                        .task()
                        .args())
                .isEmpty();
    }

    @Test
    void doesNotTakeLeftOutArgumentsForNone() {
        var withoutArguments = ended().withoutArguments();

        assertThatThrownBy(() -> Retry.of(withoutArguments, null)).hasMessageEndingWith("args, kwargs");
        assertThatThrownBy(() -> Retry.of(withoutArguments, new RetryChanges(List.of(), null, null), null))
                .hasMessageEndingWith("are not all known: kwargs");
    }

    @Test
    void refusesTheOldIdAsTheNewOne() {
        assertThatThrownBy(() -> Retry.of(ended(), "old")).hasMessageStartingWith("Idempotency-Key must not be");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"eta\":1} | eta",
                "{\"queue\":7} | queue",
                "{\"queue\":\"A b\"} | queue",
                "{\"args\":{}} | args",
                "{\"kwargs\":[]} | kwargs",
            })
    void namesTheFieldThatBreaksARule(String body, String field) {
        assertThatThrownBy(() -> RetryChanges.read(body.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        InvalidTaskException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[]", "nonsense", "7"})
    void refusesABodyThatIsNoObject(String body) {
        assertThatThrownBy(() -> RetryChanges.read(body.getBytes(UTF_8))).isInstanceOf(InvalidTaskException.class);
    }

    @Test
    void changesNothingWithoutABody() {
        assertThat(RetryChanges.read(null)).isEqualTo(RetryChanges.NONE);
        assertThat(RetryChanges.read(new byte[0])).isEqualTo(RetryChanges.NONE);
        assertThat(RetryChanges.read("{\"args\":null}".getBytes(UTF_8))).isEqualTo(RetryChanges.NONE);
    }

    private static TaskResult ended() {
        return TaskResult.of(OLD, "mail", TaskState.FAILURE).build();
    }
}
