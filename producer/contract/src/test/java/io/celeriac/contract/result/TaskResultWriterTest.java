package io.celeriac.contract.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The writer names each field by hand, so a field that is added to the record and forgotten there must fail a test. */
class TaskResultWriterTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123456Z");

    @Test
    void writesEveryFieldInTheOrderOfTheRecord() {
        var result = new TaskResult(
                "a",
                "demo.add",
                "default",
                TaskState.RETRY,
                1,
                2,
                List.of(TaskJson.tree(1)),
                Map.of("x", TaskJson.tree(null)),
                true,
                TaskJson.tree(Map.of("y", new BigDecimal("2.50"))),
                new TaskError("E", "why", "at"),
                RevokeReason.EXPIRED,
                new Progress(1, 2L, "half", null),
                "w",
                3,
                4L,
                "k",
                5,
                Map.of("tenant", "ä"),
                "p",
                "r",
                "g",
                "e",
                "w",
                new Firing("nightly", NOW),
                NOW,
                NOW,
                NOW,
                NOW,
                NOW,
                List.of("c"));

        var json = TaskJson.bytes(result);

        assertThat(TaskJson.MAPPER.readTree(json).propertyNames())
                .containsExactlyElementsOf(Arrays.stream(TaskResult.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
        assertThat(TaskJson.result(json)).isEqualTo(result);
    }

    @Test
    void leavesOutWhatIsAbsent() {
        var result = TaskResult.of(Task.named("demo.add").id("a").build(), "default", TaskState.PENDING)
                .revision(0)
                .build();

        var json = TaskJson.bytes(result);

        assertThat(TaskJson.MAPPER.readTree(json).propertyNames())
                .containsExactly("id", "task", "queue", "state", "attempt", "revision", "priority");
        assertThat(TaskJson.result(json)).isEqualTo(result);
    }
}
