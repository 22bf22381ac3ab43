package io.celeriac.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.celeriac.contract.rule.InvalidTaskException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code and schema refuse the same value of each type in each field; but that the code takes a null for a field that is absent, and a number that is absent for 0. */
class FieldTypesTest {

    private static final List<String> VALUES = List.of(
            "true",
            "7",
            "-1",
            "12",
            "5.5",
            "2147483648",
            "\"\"",
            "\"a\"",
            "\"x y\"",
            "\"events\"",
            "[]",
            "[null]",
            "[7]",
            "[{}]",
            "{}",
            "{\"a\":null}",
            "{\"a\":7}",
            "{\"a\":\"b\"}",
            "{\"\":\"b\"}",
            "[{\"task\":\"b\"}]");

    /** A schema checks what a text looks like only where it is told to, and ours are not. */
    private static final Set<String> FORMATTED = Set.of(
            "eta", "expires", "submittedAt", "timeLimit", "startedAt", "finishedAt", "nextAttemptAt", "fireTime");

    private static final Map<String, String> REQUIRED = Map.of(
            "task",
            "\"task\":\"a\"",
            "task-result",
            "\"id\":\"a\",\"task\":\"a\",\"queue\":\"q\",\"state\":\"SUCCESS\",\"attempt\":1,\"revision\":1,\"priority\":5");

    @ParameterizedTest
    @ValueSource(strings = {"task", "task-result"})
    void areRefusedByCodeAndSchemaAlike(String record) {
        var json = new String(Golden.bytes("/io/celeriac/contract/" + record + ".schema.json"), UTF_8);
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json, InputFormat.JSON);
        for (var field : TaskJson.MAPPER.readTree(json).get("properties").propertyNames()) {
            for (var value : VALUES) {
                if (!isLeftToTheCode(field, value)) {
                    assertAlike(record, schema, "{" + REQUIRED.get(record) + ",\"" + field + "\":" + value + "}");
                }
            }
        }
    }

    private static boolean isLeftToTheCode(String field, String value) {
        return (FORMATTED.contains(field) && value.startsWith("\""))
                || (field.equals("progress") && value.startsWith("{"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"backoff\":{\"kind\":%s}",
                "\"backoff\":{\"jitter\":%s}",
                "\"schedule\":{\"name\":%s,\"fireTime\":\"2026-01-31T12:00:00Z\"}",
                "\"labels\":{\"tenant\":%s}",
                "\"onSuccess\":[{\"task\":%s}]",
                "\"onSuccess\":[{\"task\":\"a\",\"queue\":%s}]",
                "\"onFailure\":[{\"task\":\"a\",\"immutable\":%s}]",
                "\"onFailure\":[{\"task\":\"a\",\"id\":%s}]",
                "\"onFailure\":[{\"task\":\"a\",\"onFailure\":%s}]"
            })
    void areRefusedAlikeWithinAField(String field) {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(new String(Golden.bytes("/io/celeriac/contract/task.schema.json"), UTF_8), InputFormat.JSON);
        VALUES.forEach(value -> assertAlike("task", schema, "{\"task\":\"a\"," + field.formatted(value) + "}"));
    }

    private static void assertAlike(String record, Schema schema, String json) {
        assertThat(isRefused(record, json))
                .as("whether the code refuses %s", json)
                .isEqualTo(!schema.validate(json, InputFormat.JSON).isEmpty());
    }

    private static boolean isRefused(String record, String json) {
        try {
            if (record.equals("task")) {
                TaskJson.task(json.getBytes(UTF_8));
            } else {
                TaskJson.result(json.getBytes(UTF_8));
            }
            return false;
        } catch (InvalidTaskException e) {
            return true;
        }
    }
}
