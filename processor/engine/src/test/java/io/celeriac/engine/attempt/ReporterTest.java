package io.celeriac.engine.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.DeadLetter.Reason;
import io.celeriac.contract.Progress;
import io.celeriac.contract.Task;
import io.celeriac.contract.TaskError;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.TaskResult;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.handler.HandlerRegistry;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.StringNode;

/** A state is always published, and a record that is too large would bring down the stream thread that sends it. */
class ReporterTest {

    private static final int MAX_RECORD = 64 * 1024;
    private static final String LARGE = "x".repeat(MAX_RECORD);

    private final Reporter reporter =
            new Reporter(new Topics("celeriac"), "worker-1", MAX_RECORD, new HandlerRegistry(List.of()));

    @Test
    void leavesTheWordsOfAProgressOutBeforeItsNumbers() {
        var progress = new Progress(1, 2L, LARGE, StringNode.valueOf(LARGE));

        var result = result(reporter.started(accepted(Task.named("large").args(1)), 1, Instant.EPOCH, progress));

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
        var result = result(failed(accepted(Task.named("large").label("tenant", LARGE)), List.of()));

        assertThat(result.labels()).isEmpty();
        assertThat(result.error().type()).isEqualTo("Odd");
    }

    private Report failed(AcceptedTask task, List<String> children) {
        var error = new TaskError("Odd", "odd", "at odd");
        return reporter.failed(task, 1, Reason.FAILED, error, null, children, Instant.EPOCH);
    }

    private static TaskResult result(Report report) {
        var record = report.publications().get(0);
        assertThat(record.size()).isLessThanOrEqualTo(MAX_RECORD);
        return TaskJson.result(record.value());
    }

    private static AcceptedTask accepted(Task.Builder task) {
        var origin = new Origin(
                "default", "celeriac.tasks.default", 0, 7, Instant.EPOCH, null, new byte[0], new RecordHeaders());
        return AcceptedTask.first(origin, task.id("a").build(), Instant.EPOCH);
    }
}
