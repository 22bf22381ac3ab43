package io.celeriac.engine.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.WorkflowMember;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RevokedTasksTest {

    private static final Instant NOW = Instant.parse("2026-01-31T00:00:00Z");

    private final RevokedTasks revoked = new RevokedTasks(Duration.ofDays(30), topic -> Uuid.ZERO_UUID);

    @Test
    void areKnownForAsLongAsTheirTopicKeepsThem() {
        revoked.add("old", NOW.minus(Duration.ofDays(31)));
        revoked.add("parked for long", NOW.minus(Duration.ofDays(29)));

        revoked.forgetOld(NOW);

        assertThat(revoked.contains("old")).isFalse();
        assertThat(revoked.contains("parked for long")).isTrue();
    }

    @Test
    void areKeptForLongerWhereTheirTopicKeepsThemLonger() {
        revoked.keepFor(Duration.ofDays(365));
        revoked.add("old", NOW.minus(Duration.ofDays(31)));

        revoked.forgetOld(NOW);

        assertThat(revoked.contains("old")).isTrue();
    }

    /** A start asks after each poll of a topic with a million of them: looking through all each time takes minutes. */
    @Test
    void areNotLookedThroughEachTime() {
        revoked.forgetOld(NOW);
        revoked.add("old", NOW.minus(Duration.ofDays(31)));

        revoked.forgetOld(NOW.plusSeconds(1));
        assertThat(revoked.contains("old")).isTrue();

        revoked.forgetOld(NOW.plus(Duration.ofMinutes(10)));
        assertThat(revoked.contains("old")).isFalse();
    }

    @Test
    void includeAllTasksOfARevokedRunAndNoneOfTheNext() {
        revoked.add(WorkflowIds.ofRun("flow", 0), NOW);

        assertThat(revoked.reason(member(0))).isEqualTo(RevokeReason.REVOKED);
        assertThat(revoked.reason(member(1))).isNull();
    }

    private static AcceptedTask member(int run) {
        var task = Task.named("step")
                .id("step-" + run)
                .workflow(new WorkflowMember("flow", "0.1", run))
                .build();
        var origin = new SourceRecord(
                "default", "celeriac.tasks.default", 0, 7, NOW, null, new byte[0], new RecordHeaders());
        return AcceptedTask.first(origin, task, NOW);
    }
}
