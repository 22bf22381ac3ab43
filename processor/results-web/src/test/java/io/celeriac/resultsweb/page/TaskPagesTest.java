package io.celeriac.resultsweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Fields;
import io.celeriac.web.page.PageData;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskPagesTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:05Z");
    private final PageData data = new PageData(TaskJson.MAPPER);

    /** The topic tells of the end before the tables have the attempt: a page that stopped here would stay without its life line. */
    @Test
    void followsAFinalTaskUntilItsLastAttemptIsThere() {
        var task = fields(Map.of(
                "state", "SUCCESS",
                "attempt", 2,
                "startedAt", "2026-01-31T12:00:03Z",
                "finishedAt", "2026-01-31T12:00:04Z"));
        var failed = fields(Map.of("attempt", 1, "state", "RETRY"));

        assertThat(TaskPages.isSettled(task, List.of(), NOW)).isFalse();
        assertThat(TaskPages.isSettled(task, List.of(failed), NOW)).isFalse();
        assertThat(TaskPages.isSettled(task, List.of(failed, attempt("STARTED")), NOW))
                .isFalse();
        assertThat(TaskPages.isSettled(task, List.of(failed, attempt("SUCCESS")), NOW))
                .isTrue();
        assertThat(TaskPages.isSettled(task, List.of(), NOW.plusSeconds(60)))
                .as("a row that was refused")
                .isTrue();
    }

    @Test
    void followsATaskToItsEnd() {
        assertThat(TaskPages.isSettled(fields(Map.of("state", "PENDING", "attempt", 0)), List.of(), NOW))
                .isFalse();
        assertThat(TaskPages.isSettled(
                        fields(Map.of("state", "STARTED", "attempt", 2)), List.of(attempt("STARTED")), NOW))
                .isFalse();
        var revoked = fields(Map.of("state", "REVOKED", "attempt", 0, "finishedAt", "2026-01-31T12:00:04Z"));
        assertThat(TaskPages.isSettled(revoked, List.of(), NOW)).isTrue();
    }

    private Fields attempt(String state) {
        return fields(Map.of("attempt", 2, "state", state));
    }

    private Fields fields(Map<String, ?> values) {
        return data.object(Caller.OPEN, values);
    }
}
