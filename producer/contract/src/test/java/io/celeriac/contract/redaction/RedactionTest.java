package io.celeriac.contract.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RedactionTest {

    private static final Redaction SECOND =
            new Redaction(Set.of(1), Set.of(), false, false, List.of("user", "password"));

    @Test
    void replacesSecretValuesAndKeepsTheShape() {
        var redacted = new Redaction(Set.of(1), Set.of("pin"), false, true, null)
                .redact(result(Task.named("t")
                        .id("i")
                        .args("ann", "hunter2", 3)
                        .kwarg("pin", 1234)
                        .kwarg("unit", "s")));

        assertThat(redacted.args()).extracting(JsonNode::toString).containsExactly("\"ann\"", "\"[secret]\"", "3");
        assertThat(redacted.kwargs()).hasSize(2);
        assertThat(redacted.kwargs().get("pin")).hasToString("\"[secret]\"");
        assertThat(redacted.kwargs().get("unit")).hasToString("\"s\"");
        assertThat(redacted.result()).hasToString("\"[secret]\"");
        assertThat(redacted.id()).isEqualTo("i");
    }

    @Test
    void replacesEachArgumentWhereAllAreSecret() {
        var whole = result(Task.named("t").id("i").args("a", "b").kwarg("c", 1));

        var redacted = Redaction.ARGUMENTS.redact(whole);

        assertThat(redacted.args())
                .hasSize(2)
                .allSatisfy(value -> assertThat(value).hasToString("\"[secret]\""));
        assertThat(redacted.kwargs()).containsOnlyKeys("c");
        assertThat(redacted.kwargs().get("c")).hasToString("\"[secret]\"");
        assertThat(redacted.result()).isEqualTo(whole.result());
        assertThat(Redaction.ARGUMENTS.redact(redacted)).isEqualTo(redacted);
    }

    @Test
    void leavesAResultWithoutSecretsAsItIs() {
        var whole = result(Task.named("t").id("i").args("a"));

        assertThat(Redaction.NONE.redact(whole)).isSameAs(whole);
    }

    @Test
    void takesAParameterByItsPositionAndByItsName() {
        assertThat(SECOND.names()).containsExactly("password");
        assertThat(new Redaction(Set.of(), Set.of("user"), false, false, null)
                        .and(SECOND)
                        .positions())
                .containsExactlyInAnyOrder(0, 1);
    }

    /** The secret under a misspelt name, or a place too far. */
    @Test
    void takesArgumentsThatNoParameterIsThereForAsSecret() {
        var redacted = SECOND.redact(result(Task.named("t")
                .id("i")
                .args("ann", "x", "hunter2")
                .kwarg("pasword", "hunter2")
                .kwarg("user", "ann")));

        assertThat(redacted.toString()).doesNotContain("hunter2");
        assertThat(redacted.kwargs().get("user")).hasToString("\"ann\"");
        assertThat(new Redaction(Set.of(), Set.of(), false, true, List.of())
                        .redact(result(Task.named("t").id("i").args("ann")))
                        .args())
                .hasToString("[\"ann\"]");
    }

    @Test
    void takesSecretsOutOfAnErrorThatQuotesThem() {
        var task = Task.named("t")
                .id("i")
                .args(
                        "ann",
                        List.of("hunter2", List.of("ter2pan"), "say \"hi\"", new BigDecimal("4711.50"), "abc", true))
                .build();
        var error = new TaskError(
                "x.Failed", "hunter2pan of ann: \"say \\\"hi\\\"\" say \"hi\" 4711.5 4711.50 abc true", "at hunter2");

        var redacted = SECOND.redact(
                TaskResult.of(task, "q", TaskState.FAILURE).error(error).build());

        assertThat(redacted.error())
                .isEqualTo(new TaskError(
                        "x.Failed",
                        "[secret] of ann: \"[secret]\" [secret] [secret] [secret] abc true",
                        "at [secret]"));
    }

    @Test
    void takesSecretsOfAnyKindOfNumberOutOfAnError() {
        for (var odd :
                List.of(Double.NaN, Double.NEGATIVE_INFINITY, new BigDecimal("1e10000"), new BigDecimal("1e-10000"))) {
            var secrets = Redaction.ALL.secrets(Task.of("a", odd, "hunter2"));

            assertThat(secrets.scrub("hunter2 and " + odd)).startsWith("[secret] and ");
        }
    }

    @Test
    void withholdsATextThatMayQuoteMoreSecretsThanCanBeSearchedFor() {
        var many = java.util.stream.IntStream.range(1_000, 2_500).boxed().toList();
        var task = Task.named("t").args("ann", many).build();

        assertThat(SECOND.secrets(task).scrub("any")).isEqualTo("[secret]");
        assertThat(Redaction.NONE.secrets(task).scrub("any")).isEqualTo("any");
    }

    private static TaskResult result(Task.Builder task) {
        return TaskResult.of(task.build(), "q", TaskState.SUCCESS)
                .result(TaskJson.tree(5))
                .build();
    }
}
