package io.celeriac.resultsweb.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.receipt.SubmissionWarnings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a task waits for, without a broker: it is asked only about tasks whose place in a topic is known. */
class WaitReasonTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:1"));
    private final SubmissionWarnings warnings = (queue, task) -> task.task().equals("mail.send")
            ? List.of("queue-paused: since noon", SubmissionWarnings.NO_HANDLER + "in " + queue)
            : List.of("arguments: too few");
    private final WaitReason reason = new WaitReason(admin, new Topics("test"), warnings, InstantSource.fixed(NOON));

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void tellsThatNoLiveWorkerHasTheHandler() {
        assertThat(waitsFor(result("mail.send", TaskState.PENDING, null))).isEqualTo("{\"reason\":\"handler\"}");
        assertThat(waitsFor(result("demo.add", TaskState.PENDING, null))).isEmpty();
        assertThat(waitsFor(result("mail.send", TaskState.STARTED, null))).isEmpty();
    }

    @Test
    void tellsTheTimeFirst() {
        assertThat(waitsFor(result("mail.send", TaskState.PENDING, NOON.plusSeconds(1))))
                .contains("\"eta\"");
        assertThat(waitsFor(result("mail.send", TaskState.PENDING, NOON))).contains("\"handler\"");
    }

    private String waitsFor(TaskResult result) {
        var answer = TaskJson.tree(reason.explained(result)).get("waitsFor");
        return answer == null ? "" : answer.toString();
    }

    private static TaskResult result(String task, TaskState state, Instant eta) {
        return TaskResult.of(Task.named(task).id("a").eta(eta).build(), "mail", state)
                .build();
    }
}
