package io.celeriac.contract.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.Golden;
import io.celeriac.contract.TaskJson;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The schemas are what others check their records by; they and the code must refuse the same. */
class LimitsTest {

    private static final JsonNode TASK = schema("task.schema.json");
    private static final JsonNode RESULT = schema("task-result.schema.json");

    @Test
    void standInTheSchemaOfATask() {
        var fields = TASK.get("properties");

        assertPattern(fields.at("/task"), "[A-Za-z0-9_.:-]", Limits.TASK_NAME);
        assertPattern(TASK.at("/$defs/id"), "[A-Za-z0-9_.:-]", Limits.ID);
        assertPattern(TASK.at("/$defs/signature/properties/queue"), "[a-z0-9-]", Limits.QUEUE_NAME);
        assertThat(new TreeSet<>(Limits.RESERVED_IDS))
                .containsExactlyElementsOf(TASK.at("/$defs/id/not/enum").values().stream()
                        .map(JsonNode::stringValue)
                        .toList());
        assertLength(fields.at("/key"), Limits.KEY);
        assertThat(fields.at("/kwargs/propertyNames/maxLength").intValue()).isEqualTo(Limits.NAME);
        assertRange(fields.at("/priority"), Limits.LEAST_PRIORITY, Limits.GREATEST_PRIORITY);
        assertRange(fields.at("/maxAttempts"), 1, Integer.MAX_VALUE);
        assertThat(fields.at("/onSuccess/maxItems").intValue()).isEqualTo(Limits.STEPS);
        assertThat(fields.at("/onFailure/maxItems").intValue()).isEqualTo(Limits.STEPS);
        assertLength(TASK.at("/$defs/firing/properties/name"), Limits.SCHEDULE_NAME);
        assertLabels(TASK.at("/$defs/labels"));
        assertThat(TASK.get("description").stringValue())
                .contains("at most " + Limits.DEPTH + " deep", Limits.NUMBER + " characters", "to " + Limits.EXPONENT);
    }

    @Test
    void standInTheSchemaOfAResult() {
        var fields = RESULT.get("properties");

        assertPattern(fields.at("/task"), "[A-Za-z0-9_.:-]", Limits.TASK_NAME);
        assertPattern(RESULT.at("/$defs/id"), "[A-Za-z0-9_.:-]", Limits.ID);
        assertPattern(fields.at("/queue"), "[a-z0-9-]", Limits.QUEUE_NAME);
        assertLength(fields.at("/key"), Limits.KEY);
        assertRange(fields.at("/priority"), Limits.LEAST_PRIORITY, Limits.GREATEST_PRIORITY);
        assertLength(fields.at("/schedule/properties/name"), Limits.SCHEDULE_NAME);
        assertLabels(RESULT.at("/$defs/labels"));
    }

    @Test
    void leaveRoomForWhatAWorkerKeepsBesideATask() {
        assertThat(Limits.TASK_BYTES).isEqualTo(1_022_976);
        assertThat(Limits.taskBytes(100_000)).isEqualTo(75_424);
    }

    private static void assertPattern(JsonNode field, String characters, int most) {
        assertThat(field.get("pattern").stringValue()).isEqualTo("^" + characters + "{1," + most + "}$");
    }

    private static void assertLength(JsonNode field, int most) {
        assertThat(field.get("minLength").intValue()).isEqualTo(1);
        assertThat(field.get("maxLength").intValue()).isEqualTo(most);
    }

    private static void assertRange(JsonNode field, int least, int most) {
        assertThat(field.get("minimum").intValue()).isEqualTo(least);
        assertThat(field.get("maximum").intValue()).isEqualTo(most);
    }

    private static void assertLabels(JsonNode labels) {
        assertThat(labels.get("maxProperties").intValue()).isEqualTo(Limits.LABELS);
        assertLength(labels.get("propertyNames"), Limits.LABEL_NAME);
        assertThat(labels.at("/additionalProperties/maxLength").intValue()).isEqualTo(Limits.LABEL_VALUE);
    }

    private static JsonNode schema(String name) {
        return TaskJson.parse(Golden.bytes("/io/celeriac/contract/" + name));
    }
}
