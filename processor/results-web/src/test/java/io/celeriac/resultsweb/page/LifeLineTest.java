package io.celeriac.resultsweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Fields;
import io.celeriac.web.page.PageData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LifeLineTest {

    private final PageData data = new PageData(TaskJson.MAPPER);

    @Test
    void drawsWaitingAndAttemptsToScale() {
        var line = LifeLine.of(
                fields(Map.of("submittedAt", "2026-01-31T12:00:00Z")),
                List.of(
                        attempt("RETRY", "2026-01-31T12:00:02Z", "2026-01-31T12:00:04Z"),
                        attempt("SUCCESS", "2026-01-31T12:00:06Z", "2026-01-31T12:00:08Z")));

        assertThat(line.parts()).extracting(LifeLine.Part::look).containsExactly("wait", "fail", "back", "ok");
        assertThat(line.parts()).extracting(LifeLine.Part::width).containsOnly(248.0);
        assertThat(line.to()).hasToString("2026-01-31T12:00:08Z");
    }

    @Test
    void drawsNothingForATaskThatHasNotStarted() {
        assertThat(LifeLine.of(fields(Map.of("submittedAt", "2026-01-31T12:00:00Z")), List.of())
                        .parts())
                .isEmpty();
        assertThat(LifeLine.of(fields(Map.of()), List.of()).parts()).isEmpty();
    }

    @Test
    void showsAnAttemptOfNoLength() {
        var line = LifeLine.of(
                fields(Map.of("submittedAt", "2026-01-31T12:00:00Z")),
                List.of(attempt("FAILURE", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z")));

        assertThat(line.parts()).allSatisfy(part -> assertThat(part.width()).isPositive());
    }

    private Fields attempt(String state, String from, String to) {
        return fields(Map.of("state", state, "startedAt", from, "finishedAt", to));
    }

    private Fields fields(Map<String, Object> values) {
        return data.object(Caller.OPEN, values);
    }
}
