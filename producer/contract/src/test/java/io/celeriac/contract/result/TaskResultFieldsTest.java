package io.celeriac.contract.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.Golden;
import io.celeriac.contract.TaskJson;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The record is the list of fields; the schema that others read must have the same. */
class TaskResultFieldsTest {

    @Test
    void standInTheSchema() {
        var schema = TaskJson.MAPPER.readTree(Golden.class.getResourceAsStream("task-result.schema.json"));

        assertThat(schema.get("properties").propertyNames())
                .containsExactlyElementsOf(Arrays.stream(TaskResult.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }
}
