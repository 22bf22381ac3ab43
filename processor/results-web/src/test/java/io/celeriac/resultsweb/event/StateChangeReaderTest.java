package io.celeriac.resultsweb.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a record becomes, and which filters it passes. */
class StateChangeReaderTest {

    private final StateChangeReader reader = new StateChangeReader(UnaryOperator.identity());

    private final StateChange change = read(TaskResult.of(
                    Task.named("mail.send")
                            .id("a")
                            .rootId("r")
                            .schedule(new Firing("nightly", Instant.EPOCH))
                            .labels(Map.of("tenant", "acme", "user", "x:y"))
                            .build(),
                    "mail",
                    TaskState.FAILURE)
            .build());

    @Test
    void theEventIsTheStateAndItsDataTheRecordAsItIs() {
        var json = "{\"id\":\"a\",\"task\":\"t\",\"queue\":\"q\",\"state\":\"SUCCESS\",\"attempt\":1,\"revision\":2,"
                + "\"more\":\"ü\"}";

        assertThat(bodyOf(json)).isEqualTo("event: SUCCESS\ndata: " + json + "\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lineBreaksBetweenTokensAreTakenOutAndThoseInTextsStayEscaped(String lineBreak) {
        var json = "{\"id\":\"a\",\"task\":\"t\",\"queue\":\"q\",\"state\":\"SUCCESS\",\"attempt\":1,\"revision\":2,"
                + "\"more\":[1.50],\"result\":\"one\\ntwo\\r\"}";

        assertThat(bodyOf(json.replace(",", "," + lineBreak + "  ")))
                .isEqualTo("event: SUCCESS\ndata: " + json + "\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"id\":\"a\"}", "{\"id\":\"a\",\"state\":\"ODD\"}"})
    void whatIsNoResultIsPassedOver(String json) {
        assertThat(reader.read(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void clientsSeeOnlyWhatTheyMay() {
        var secretive = new StateChangeReader(
                result -> TaskResult.of(Task.named("hidden").id(result.id()).build(), result.queue(), result.state())
                        .build());

        var shown = secretive.read(Results.json("a", 10)).orElseThrow();

        assertThat(new String(shown.body(), UTF_8)).contains("hidden").doesNotContain("xxx");
        assertThat(shown.task()).isEqualTo("hidden");
    }

    @Test
    void anEmptyFilterTakesAll() {
        assertThat(EventFilter.ALL.matches(change)).isTrue();
    }

    @Test
    void eachPartOfAFilterMustHoldWithAnyOfItsValues() {
        assertThat(filter(Set.of(TaskState.FAILURE, TaskState.RETRY), "mail.send", "mail", "nightly", "a", "r")
                        .matches(change))
                .isTrue();
        assertThat(filter(Set.of(TaskState.SUCCESS), "mail.send", "mail", "nightly", "a", "r")
                        .matches(change))
                .isFalse();
        for (var wrong = 0; wrong < 5; wrong++) {
            var values = new String[] {"mail.send", "mail", "nightly", "a", "r"};
            values[wrong] = "other";
            assertThat(filter(Set.of(TaskState.FAILURE), values).matches(change))
                    .as(List.of(values).toString())
                    .isFalse();
        }
    }

    @Test
    void allLabelsMustBeThere() {
        assertThat(labels(Map.of("tenant", "acme")).matches(change)).isTrue();
        assertThat(labels(Map.of("tenant", "acme", "user", "x:y")).matches(change))
                .isTrue();
        assertThat(labels(Map.of("tenant", "acme", "user", "z")).matches(change))
                .isFalse();
        assertThat(labels(Map.of("other", "acme")).matches(change)).isFalse();
    }

    @Test
    void theFirstTaskOfAWorkflowBelongsToIt() {
        var first = read(Results.result("r", TaskState.SUCCESS));

        assertThat(new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of("r"), Map.of())
                        .matches(first))
                .isTrue();
    }

    private static EventFilter filter(Set<TaskState> states, String... values) {
        return new EventFilter(
                states,
                Set.of(values[0], "another"),
                Set.of(values[1], "another"),
                Set.of(values[2], "another"),
                Set.of(values[3], "another"),
                Set.of(values[4], "another"),
                Map.of());
    }

    private static EventFilter labels(Map<String, String> labels) {
        return new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), labels);
    }

    private StateChange read(TaskResult result) {
        return reader.read(TaskJson.bytes(result)).orElseThrow();
    }

    private String bodyOf(String json) {
        return new String(reader.read(json.getBytes(UTF_8)).orElseThrow().body(), UTF_8);
    }
}
