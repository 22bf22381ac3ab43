package io.celeriac.engine.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.Progress;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.WorkflowMember;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.SourceRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** A state is always published, and a record that is too large would bring down the stream thread that sends it. */
class OutcomeRecordsTest {

    private static final int MAX_RECORD = 64 * 1024;
    private static final String LARGE = "x".repeat(MAX_RECORD);

    private final OutcomeRecords outcomes =
            new OutcomeRecords(new Topics("celeriac"), "worker-1", MAX_RECORD, new HandlerRegistry(List.of()));

    @Test
    void leavesTheWordsOfAProgressOutBeforeItsNumbers() {
        var progress = new Progress(1, 2L, LARGE, StringNode.valueOf(LARGE));

        var result = result(outcomes.started(accepted(Task.named("large").args(1)), 1, Instant.EPOCH, progress));

        assertThat(result.progress()).isEqualTo(new Progress(1, 2L, null, null));
    }

    @Test
    void leavesChildrenOutBeforeLabels() {
        var task = accepted(Task.named("large").label("tenant", "acme"));
        var children = Collections.nCopies(2_000, "01234567-89ab-cdef-0123-456789abcdef");

        var result = result(failed(task, children));

        assertThat(result.children()).isEmpty();
        assertThat(result.labels()).containsEntry("tenant", "acme");
        assertThat(result.error().stackTrace()).isNull();
    }

    @Test
    void leavesLabelsOutLastOfAll() {
        var large = Task.named("large");
        IntStream.range(0, 20).forEach(i -> large.label("label-" + i, "x".repeat(4_000)));

        var result = result(failed(accepted(large), List.of()));

        assertThat(result.labels()).isEmpty();
        assertThat(result.error().type()).isEqualTo("Odd");
    }

    /** It may have been typed into the topic, and somebody waits for it. */
    @Test
    void failsATaskWhoseRecordIsTooLargeToBeKept() {
        var task = Task.named("large").id("a").args(LARGE).onFailure(List.of(Signature.of(Task.of("tell"))));
        var whole = origin(TaskJson.bytes(task.build()));

        assertThat(outcomes.isAcceptable(whole)).isFalse();
        var published = outcomes.tooLargeFailure(whole, task.build(), Instant.EPOCH);

        assertThat(published)
                .extracting(OutboundRecord::destination)
                .containsExactly(Destination.RESULTS, Destination.DEAD_LETTERS, Destination.NEXT_STEPS);
        assertThat(published).allSatisfy(record -> assertThat(record.size()).isLessThanOrEqualTo(MAX_RECORD));
        var result = TaskJson.result(published.get(0).value());
        assertThat(result.state()).isEqualTo(TaskState.FAILURE);
        assertThat(result.id()).isEqualTo("a");
        assertThat(result.args()).isEmpty();
        assertThat(result.error())
                .isEqualTo(new TaskError(
                        "TooLarge",
                        "the task's record has " + whole.size() + " bytes, and more than " + (MAX_RECORD - 24 * 1024)
                                + " cannot be kept",
                        null));
    }

    /** Without it, the task's workflow would wait for ever. */
    @Test
    void tellsTheWorkflowHowItsTaskHasEnded() {
        var member = new WorkflowMember("flow", "0.1", 0);
        var task = accepted(Task.named("step").workflow(member).ignoreResult(true));

        var success = outcomes.succeeded(task, 1, Instant.EPOCH, Instant.EPOCH, null, List.of(), TaskJson.tree(7));
        var failure = failed(task, List.of());
        var revoked = outcomes.revoked(task, 1, RevokeReason.EXPIRED, Instant.EPOCH);

        assertThat(success.publications())
                .as("the result is ignored, and passed on")
                .hasSize(1);
        assertThat(ended(success).result()).isEqualTo(TaskJson.tree(7));
        assertThat(ended(failure).state()).isEqualTo(TaskState.FAILURE);
        assertThat(ended(failure).error().stackTrace()).isNull();
        assertThat(ended(revoked).state()).isEqualTo(TaskState.REVOKED);
        assertThat(ended(revoked).node()).isEqualTo("0.1");
        assertThat(ended(revoked).id()).isEqualTo(task.id());
    }

    /** Its end would end its parent's place in the workflow. */
    @Test
    void givesAChildNoPlaceInTheWorkflowOfItsParent() {
        var task = Task.named("step")
                .workflow(new WorkflowMember("flow", "0.1", 0))
                .build();
        var parent = accepted(task.toBuilder());

        var child = outcomes.child(parent, "default", 0, task, Instant.EPOCH);

        assertThat(TaskJson.task(child.publication().value()).workflow()).isNull();
    }

    private static MemberEnded ended(AttemptOutcome outcome) {
        return outcome.publications().stream()
                .filter(record -> record.destination() == Destination.WORKFLOW_EVENTS)
                .map(record -> TaskJson.memberEnded(record.value()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void failsATooLargeTaskWithoutIdUnderTheIdOfItsRecord() {
        var task = Task.of("large", LARGE);

        var published = outcomes.tooLargeFailure(origin(TaskJson.bytes(task)), task, Instant.EPOCH);

        assertThat(TaskJson.result(published.get(0).value()).id())
                .isEqualTo(TaskIds.ofRecord("celeriac.tasks.default", 0, 7));
    }

    /** Nobody could read the results: the tasks would seem to wait for ever. */
    @ParameterizedTest
    @MethodSource("unreadable")
    void refusesAResultThatNoReaderTakes(JsonNode value, String why) {
        assertThatExceptionOfType(InvalidResultException.class)
                .isThrownBy(() -> succeeded(accepted(Task.named("odd")), value))
                .withMessageStartingWith(why);
    }

    static Stream<Arguments> unreadable() {
        var number = new BigDecimal("1e1000").add(BigDecimal.ONE);
        var deep = IntStream.range(0, 65).<Object>mapToObj(i -> i).reduce("x", (inner, i) -> List.of(inner));
        return Stream.of(
                Arguments.of(TaskJson.tree(number), "result must be a number of at most 1000 characters"),
                Arguments.of(TaskJson.tree("half \ud83c"), "result must be well-formed Unicode"),
                Arguments.of(TaskJson.tree(Map.of("a", List.of("\udf63"))), "result.a[0] must be well-formed Unicode"),
                Arguments.of(TaskJson.tree(deep), "result[0][0][0]"));
    }

    @Test
    void tellsAFailureWhateverItsWordsAre() {
        var odd = new TaskError("Odd\ud83c", "half \ud83c of 🍣", "at \udf63");

        var report =
                outcomes.failed(accepted(Task.named("odd")), 1, Reason.FAILED, odd, null, List.of(), Instant.EPOCH);

        assertThat(result(report).error()).isEqualTo(new TaskError("Odd\ufffd", "half \ufffd of 🍣", "at \ufffd"));
    }

    @Test
    void tellsOfATaskWhoseRecordHasATimestampThatNoTableHolds() {
        var origin = new SourceRecord(
                "default",
                "celeriac.tasks.default",
                0,
                7,
                Instant.ofEpochMilli(Long.MAX_VALUE),
                null,
                new byte[0],
                new RecordHeaders());
        var task = AcceptedTask.first(origin, Task.named("late").id("a").build(), Instant.EPOCH);

        assertThat(result(failed(task, List.of())).submittedAt()).isEqualTo("9999-12-31T23:59:59.999Z");
    }

    @Test
    void givesAStepAsManyOfItsParentsLabelsAsItMayHave() {
        var step = Task.named("step");
        IntStream.range(0, 60).forEach(i -> step.label("own-" + i, "x"));
        var parent = Task.named("parent").onSuccess(List.of(Signature.of(step.build())));
        IntStream.range(0, 60).forEach(i -> parent.label("inherited-" + i, "x"));

        var report = succeeded(accepted(parent), null);

        var labels = TaskJson.task(report.publications().get(1).value()).labels();
        assertThat(labels)
                .hasSize(100)
                .containsKeys("own-0", "own-59", "inherited-59")
                .doesNotContainKey("inherited-0");
    }

    private AttemptOutcome.Finished succeeded(AcceptedTask task, JsonNode value) {
        return outcomes.succeeded(task, 1, Instant.EPOCH, Instant.EPOCH, null, List.of(), value);
    }

    private AttemptOutcome failed(AcceptedTask task, List<String> children) {
        var error = new TaskError("Odd", "odd", "at odd");
        return outcomes.failed(task, 1, Reason.FAILED, error, null, children, Instant.EPOCH);
    }

    private static TaskResult result(AttemptOutcome report) {
        var record = report.publications().get(0);
        assertThat(record.size()).isLessThanOrEqualTo(MAX_RECORD);
        return TaskJson.result(record.value());
    }

    private static AcceptedTask accepted(Task.Builder task) {
        return AcceptedTask.first(origin(new byte[0]), task.id("a").build(), Instant.EPOCH);
    }

    private static SourceRecord origin(byte[] value) {
        return new SourceRecord(
                "default", "celeriac.tasks.default", 0, 7, Instant.EPOCH, null, value, new RecordHeaders());
    }
}
