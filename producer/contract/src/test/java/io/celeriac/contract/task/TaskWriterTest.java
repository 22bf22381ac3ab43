package io.celeriac.contract.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The writer names each field by hand, so a field that is added to the record and forgotten there must fail a test. */
class TaskWriterTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123456Z");

    @Test
    void writesEveryFieldInTheOrderOfTheRecord() {
        var step = Signature.of(Task.of("demo.next", 1));
        var task = new Task(
                "demo.add",
                "a",
                List.of(TaskJson.tree(1), TaskJson.tree(new BigDecimal("2.50"))),
                Map.of("x", TaskJson.tree(null)),
                NOW,
                NOW,
                "k",
                Unique.by("u", Duration.ofMinutes(1)),
                9,
                3,
                Backoff.DEFAULT,
                Duration.ofSeconds(5),
                "p",
                "r",
                "g",
                "e",
                new WorkflowMember("w", "0", 1),
                List.of(step),
                List.of(step),
                new Firing("nightly", NOW),
                Map.of("tenant", "ä"),
                true,
                true,
                NOW,
                Map.of("mine", TaskJson.tree(Map.of("deep", List.of()))));

        var json = TaskJson.bytes(task);

        var names = Arrays.stream(Task.class.getRecordComponents()).map(RecordComponent::getName);
        assertThat(TaskJson.MAPPER.readTree(json).propertyNames())
                .containsExactlyElementsOf(Stream.concat(names.filter(name -> !name.equals("extra")), Stream.of("mine"))
                        .toList());
        assertThat(TaskJson.boundTask(json)).isEqualTo(task);
    }

    @Test
    void leavesOutWhatIsAbsent() {
        assertThat(TaskJson.bytes(Task.named("demo.add").build()))
                .asString(UTF_8)
                .isEqualTo("{\"task\":\"demo.add\"}");
    }

    @Test
    void writesValuesAsTheyWere() {
        var kwargs = new LinkedHashMap<String, Object>();
        kwargs.put("text", "a \"quoted\" \\ line\n\u2028 ä 𝄞");
        kwargs.put("numbers", List.of(1, 2L, new BigDecimal("1E+5"), 0.5, -7));
        kwargs.put("none", null);
        kwargs.put("tree", Map.of("a", List.of(true, Map.of())));
        var builder = Task.named("demo.add").submittedAt(Instant.parse("2026-01-31T12:00:00Z"));
        kwargs.forEach(builder::kwarg);
        var task = builder.build();

        assertThat(TaskJson.MAPPER.readTree(TaskJson.bytes(task)).get("kwargs"))
                .isEqualTo(TaskJson.MAPPER.readTree(TaskJson.MAPPER.writeValueAsBytes(kwargs)));
        assertThat(TaskJson.boundTask(TaskJson.bytes(task)).submittedAt()).isEqualTo(task.submittedAt());
    }

    @Test
    void aChangedCopyKeepsItsArguments() {
        var task = Task.named("demo.add").kwarg("x", 1).build();

        var changed = task.toBuilder().kwarg("y", 2).build();

        assertThat(changed.kwargs()).containsOnlyKeys("x", "y");
        assertThat(task.kwargs()).containsOnlyKeys("x");
        assertThat(task.toBuilder().id("a").build().kwargs()).isEqualTo(task.kwargs());
    }
}
