package io.celeriac.scheduleweb;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.json.JsonErrors;
import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.backfill.FiringRequest;
import io.celeriac.schedule.backfill.FiringRequest.Pace;
import io.celeriac.schedule.backfill.FiringRequest.Range;
import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A backfill and its progress.
 *
 * @param state {@code active}, {@code done} or {@code cancelled}
 * @param from the earliest fire time
 * @param to the end of the range, exclusive
 * @param perSecond most firings in a second
 * @param again true: fire times that have a firing already get another
 * @param oneByOne true: each firing waits until the task of the one before it has ended
 * @param total firings in the range; in the end the sum of emitted and skipped firings, unless it ends early
 * @param nextFireTime fire time of the next firing; null when there is none
 * @param reason why it has ended early; null when it has not
 */
public record Backfill(
        String id,
        String state,
        Instant from,
        Instant to,
        int perSecond,
        boolean again,
        boolean oneByOne,
        long total,
        long emitted,
        long skipped,
        @Nullable Instant nextFireTime,
        @Nullable String reason,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant endedAt) {

    private static final int PER_SECOND = 10;

    static Backfill of(FiringRequest request) {
        var progress = request.progress();
        return new Backfill(
                request.id(),
                progress.state().word(),
                request.range().from(),
                request.range().to(),
                request.pace().perSecond(),
                request.range().again(),
                request.pace().oneByOne(),
                progress.total(),
                progress.emitted(),
                progress.skipped(),
                progress.nextFireAt(),
                progress.reason(),
                request.createdAt(),
                request.createdBy(),
                progress.endedAt());
    }

    /**
     * The body of a request for a backfill.
     *
     * @param perSecond null for 10
     * @param again null for false
     * @param oneByOne null for false
     */
    record Wanted(
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable Integer perSecond,
            @Nullable Boolean again,
            @Nullable Boolean oneByOne) {

        private static final JsonMapper STRICT = TaskJson.MAPPER
                .rebuild()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();

        static Wanted read(JsonNode json) {
            if (!json.isObject()) {
                throw ProblemException.invalid("body", "must be a JSON object");
            }
            ScheduleJson.checkText(json);
            try {
                return STRICT.treeToValue(json, Wanted.class);
            } catch (JacksonException e) {
                throw ProblemException.invalid(JsonErrors.field(e), JsonErrors.rule(e));
            }
        }

        Range range() {
            return new Range(required("from", from), required("to", to), Boolean.TRUE.equals(again));
        }

        Pace pace() {
            return new Pace(perSecond == null ? PER_SECOND : perSecond, Boolean.TRUE.equals(oneByOne));
        }

        private static Instant required(String field, @Nullable Instant value) {
            if (value == null) {
                throw ProblemException.invalid(field, "is required: an instant such as 2026-01-31T00:00:00Z");
            }
            return value;
        }
    }
}
