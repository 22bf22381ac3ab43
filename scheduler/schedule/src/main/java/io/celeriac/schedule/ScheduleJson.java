package io.celeriac.schedule;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.json.JsonErrors;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.ScheduleRule;
import io.celeriac.schedule.rule.Timetable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes schedules as flat JSON. The fields of the rule stand beside all others. A request may contain the fields that only
 * an answer has, such as {@code version}: they are ignored, so that a client can send back what it received. A request with an unknown
 * field is refused.
 */
public final class ScheduleJson {

    private static final Set<String> TOLD = Set.of(
            "id",
            "nextFireAt",
            "bufferedFireAt",
            "lastFireAt",
            "totalFires",
            "version",
            "createdAt",
            "createdBy",
            "updatedAt",
            "updatedBy",
            "inWords",
            "error",
            "declarations");

    private static final JsonMapper BODY = TaskJson.MAPPER
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z");

    private ScheduleJson() {}

    /** The fields of a request, without those of the rule. */
    private record Body(
            @Nullable String name,
            @Nullable String task,
            @Nullable List<JsonNode> args,
            @Nullable Map<String, JsonNode> kwargs,
            @Nullable String queue,
            @Nullable Integer priority,
            @Nullable Map<String, String> labels,
            @Nullable String kind,
            @Nullable String timezone,
            @Nullable Boolean enabled,
            @Nullable Boolean oneOff,
            @Nullable Instant startAt,
            @Nullable Instant endAt,
            @Nullable Long remaining,
            @Nullable String catchUp,
            @Nullable Duration catchUpWindow,
            @Nullable Duration expiresAfter,
            @Nullable Duration jitter,
            @Nullable String overlap,
            @Nullable String description,
            @Nullable String note,
            @Nullable Instant after) {}

    /**
     * Reads a schedule.
     *
     * @param name from the path; null if the body must contain it
     * @throws InvalidScheduleException naming the field that breaks a rule
     */
    public static Schedule schedule(@Nullable String name, JsonNode json) {
        var body = body(json);
        if (body.after != null) {
            throw new InvalidScheduleException("after", "is for previews only");
        }
        var named = name == null ? body.name : name;
        if (named == null) {
            throw new InvalidScheduleException("name", "is required");
        }
        if (Limits.RESERVED_SCHEDULE_NAMES.contains(named)) {
            throw new InvalidScheduleException(
                    "name",
                    "must not be \"" + named + "\", which means something else in the paths of the REST interface");
        }
        if (body.name != null && !body.name.equals(named)) {
            throw new InvalidScheduleException("name", "must be that of the path, \"" + named + '"');
        }
        if (body.task == null) {
            throw new InvalidScheduleException("task", "is required");
        }
        var timing = timing(body, json);
        return Schedule.named(named)
                .task(new TaskTemplate(
                        body.task,
                        or(body.args, List.of()),
                        or(body.kwargs, Map.of()),
                        or(body.queue, TaskRules.DEFAULT_QUEUE),
                        body.priority,
                        or(body.labels, Map.of())))
                .rule(timing.rule())
                .timezone(timing.timezone())
                .startAt(timing.startAt())
                .endAt(timing.endAt())
                .catchUp(new CatchUp(
                        body.catchUp == null ? CatchUp.DEFAULT.policy() : PolicyWords.catchUp(body.catchUp),
                        or(body.catchUpWindow, CatchUp.DEFAULT.window())))
                .enabled(or(body.enabled, true))
                .oneOff(or(body.oneOff, false))
                .remaining(body.remaining)
                .expiresAfter(body.expiresAfter)
                .jitter(or(body.jitter, Duration.ZERO))
                .overlap(body.overlap == null ? Overlap.ALLOW : PolicyWords.overlap(body.overlap))
                .description(body.description)
                .note(body.note)
                .build();
    }

    /**
     * A timing to preview.
     *
     * @param after where to start; null for now
     */
    public record Preview(Timing timing, @Nullable Instant after) {}

    /**
     * Reads the timing to preview.
     *
     * @throws InvalidScheduleException naming the field that breaks a rule
     */
    public static Preview preview(JsonNode json) {
        var body = body(json);
        if (body.after != null && (body.after.isBefore(EARLIEST) || body.after.isAfter(Timetable.LAST))) {
            throw new InvalidScheduleException("after", "must be in the years 1000 to 9999");
        }
        return new Preview(timing(body, json), body.after);
    }

    private static Timing timing(Body body, JsonNode json) {
        return new Timing(ScheduleRule.read(body.kind, json), zone(body.timezone), body.startAt, body.endAt);
    }

    private static ZoneId zone(@Nullable String name) {
        try {
            return name == null ? Schedule.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new InvalidScheduleException(
                    "timezone", "must be a time zone such as Europe/Berlin, but is \"" + name + '"');
        }
    }

    private static Body body(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            throw new InvalidScheduleException("body", "must be a JSON object");
        }
        checkText(object);
        ScheduleRule.refuseOthersFields(object);
        var rest = object.deepCopy();
        rest.remove(TOLD);
        rest.remove(ScheduleRule.FIELDS);
        try {
            return BODY.treeToValue(rest, Body.class);
        } catch (JacksonException e) {
            throw new InvalidScheduleException(JsonErrors.field(e), JsonErrors.rule(e));
        }
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    /**
     * Writes a schedule. An unreadable one has only {@code id}, {@code name}, {@code task}, {@code queue}, {@code kind}, {@code
     * enabled}, {@code version} and {@code error}.
     */
    public static ObjectNode json(ScheduleRow row) {
        return row instanceof StoredSchedule stored ? json(stored) : json((UnreadableSchedule) row);
    }

    private static ObjectNode json(UnreadableSchedule row) {
        return TaskJson.MAPPER
                .createObjectNode()
                .put("id", row.id())
                .put("name", row.name())
                .put("task", row.task())
                .put("queue", row.queue())
                .put("kind", row.kind())
                .put("enabled", row.enabled())
                .put("version", row.version())
                .put("error", row.error());
    }

    private static ObjectNode json(StoredSchedule stored) {
        var schedule = stored.schedule();
        var timing = schedule.timing();
        var json = TaskJson.MAPPER.createObjectNode();
        json.put("id", stored.id()).put("name", schedule.name());
        json.setAll((ObjectNode) TaskJson.tree(schedule.template()));
        json.put("kind", timing.rule().kind());
        json.setAll(timing.rule().spec());
        json.put("inWords", timing.rule().description());
        json.setAll((ObjectNode) TaskJson.tree(new Rest(
                timing.timezone().getId(),
                timing.startAt(),
                timing.endAt(),
                schedule.enabled(),
                schedule.oneOff(),
                schedule.remaining(),
                schedule.catchUp().policy().word(),
                schedule.catchUp().window(),
                schedule.expiresAfter(),
                schedule.jitter(),
                schedule.overlap().word(),
                schedule.description(),
                schedule.note(),
                stored.progress().nextFireAt(),
                stored.progress().bufferedFireAt(),
                stored.progress().lastFireAt(),
                stored.progress().totalFires(),
                stored.version(),
                stored.created().at(),
                stored.created().by(),
                stored.updated().at(),
                stored.updated().by())));
        return json;
    }

    /** The fields of an answer, without those of the task and of the rule. */
    private record Rest(
            String timezone,
            @Nullable Instant startAt,
            @Nullable Instant endAt,
            boolean enabled,
            boolean oneOff,
            @Nullable Long remaining,
            String catchUp,
            Duration catchUpWindow,
            @Nullable Duration expiresAfter,
            Duration jitter,
            String overlap,
            @Nullable String description,
            @Nullable String note,
            @Nullable Instant nextFireAt,
            @Nullable Instant bufferedFireAt,
            @Nullable Instant lastFireAt,
            long totalFires,
            long version,
            Instant createdAt,
            @Nullable String createdBy,
            Instant updatedAt,
            @Nullable String updatedBy) {}

    /**
     * Checks that every text of a request is valid Unicode.
     *
     * @throws InvalidScheduleException naming the field that cannot
     */
    public static void checkText(JsonNode body) {
        for (var field : body.properties()) {
            try {
                TaskJson.bytes(Map.of(field.getKey(), field.getValue()));
            } catch (JacksonException e) {
                throw new InvalidScheduleException(field.getKey(), "must not have half of a character that takes two");
            }
        }
    }
}
