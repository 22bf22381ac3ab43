package io.celeriac.controlweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.controlweb.page.QueueStatus.State;
import io.celeriac.controlweb.page.QueueStatus.Trouble;
import io.celeriac.controlweb.queue.QueueView;
import io.celeriac.controlweb.queue.QueueView.Pause;
import io.celeriac.controlweb.worker.WorkerView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueueStatusTest {

    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    @Test
    void isQuietWhenTasksOnlyWaitForAMoment() {
        var status = status(queue(null, Map.of("thread", 3L), 0, 0.5), worker(WorkerView.State.RUNNING));
        assertThat(status.state()).isEqualTo(State.RUNNING);
        assertThat(status.trouble()).isEqualTo(Trouble.NONE);
    }

    @Test
    void saysThatAQueueIsPausedBeforeAnythingElse() {
        var pause = new Pause("kemal", NOW.minusSeconds(60), "S3 migration");
        var status = status(queue(pause, Map.of("pause", 9L, "handler", 1L), 0, 60.0), worker(WorkerView.State.LOST));
        assertThat(status.state()).isEqualTo(State.PAUSED);
        assertThat(status.trouble()).isEqualTo(Trouble.PAUSED);
    }

    @Test
    void namesTheWorkerWhoseLossLeavesTasksBehind() {
        var status = status(queue(null, null, 3, 540.0), worker(WorkerView.State.LOST));
        assertThat(status.state()).isEqualTo(State.NO_WORKER);
        assertThat(status.trouble()).isEqualTo(Trouble.NO_WORKER);
        assertThat(status.lost()).isNotNull();
        assertThat(status.ready()).isNull();
    }

    @Test
    void namesADrainedWorkerThatMayTakeItAgain() {
        var status = status(queue(null, Map.of("eta", 3L), 0, null), worker(WorkerView.State.DRAINED));
        assertThat(status.trouble()).isEqualTo(Trouble.NO_WORKER);
        assertThat(status.resting()).hasSize(1);
    }

    @Test
    void isNoTroubleToHaveNoWorkerForNothing() {
        assertThat(status(queue(null, Map.of(), 0, null)).trouble()).isEqualTo(Trouble.NONE);
    }

    @Test
    void blamesWhatMostTasksWaitFor() {
        var worker = worker(WorkerView.State.RUNNING);
        var limited = queue(null, Map.of("limit", 9L, "thread", 2L, "eta", 90L), 1, 60.0);
        assertThat(status(limited, worker).trouble()).isEqualTo(Trouble.LIMIT);
        var full = queue(null, Map.of("limit", 2L, "thread", 2L), 7, 60.0);
        assertThat(status(full, worker).trouble()).isEqualTo(Trouble.SLOTS);
    }

    @Test
    void parksWhatCannotRunYet() {
        var status = status(
                queue(null, Map.of("limit", 9L, "thread", 2L, "eta", 90L, "retry", 5L), 4, 1.0),
                worker(WorkerView.State.RUNNING));
        assertThat(status.ready()).isEqualTo(15);
        assertThat(status.parked()).isEqualTo(95);
        assertThat(status.parts()).containsOnlyKeys("limit", "thread", "unread", "retry", "eta", "running");
    }

    private static QueueStatus status(QueueView queue, WorkerView... workers) {
        return QueueStatus.of(queue, List.of(workers), NOW);
    }

    private static QueueView queue(
            @Nullable Pause pause, @Nullable Map<String, Long> waiting, long unread, @Nullable Double oldest) {
        var depth = waiting == null
                ? null
                : Long.valueOf(unread
                        + waiting.values().stream().mapToLong(Long::longValue).sum());
        return new QueueView(
                "mail", pause, depth, unread, 1L, waiting, null, oldest, null, List.of(), List.of(), List.of(), NOW,
                List.of());
    }

    private static WorkerView worker(WorkerView.State state) {
        return new WorkerView(
                "mail-1",
                state,
                null,
                NOW,
                "host",
                null,
                NOW,
                new LimitInForce<>(4, 4),
                1,
                3,
                0,
                List.of(new QueuePart("mail", "RUNNING", null, List.of())),
                List.of(),
                List.of());
    }
}
