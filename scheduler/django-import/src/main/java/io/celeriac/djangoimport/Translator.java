package io.celeriac.djangoimport;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.djangoimport.SourceTask.Limits;
import io.celeriac.djangoimport.SourceTask.Routing;
import io.celeriac.djangoimport.Translation.Needless;
import io.celeriac.djangoimport.Translation.Translated;
import io.celeriac.djangoimport.Translation.Untranslatable;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.TaskTemplate;
import io.celeriac.schedule.rule.Clocked;
import io.celeriac.schedule.rule.Crontab;
import io.celeriac.schedule.rule.Interval;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.PlainText;
import io.celeriac.schedule.rule.ScheduleRule;
import io.celeriac.schedule.rule.Solar;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Translates a task of the source into a schedule, as a pure function of task, options and time. */
final class Translator {

    /** The note of an enabled schedule that was imported as paused. */
    static final String PAUSED = "paused by the import from django-celery-beat";

    private static final String CLEANUP = "celery.backend_cleanup";
    private static final int LONGEST_DESCRIPTION = 1_000;
    private static final int HIGHEST_PRIORITY = 9;

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern(" HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter();

    private static final Map<String, ChronoUnit> PERIODS = Map.of(
            "days", ChronoUnit.DAYS,
            "hours", ChronoUnit.HOURS,
            "minutes", ChronoUnit.MINUTES,
            "seconds", ChronoUnit.SECONDS,
            "microseconds", ChronoUnit.MICROS);

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final TypeReference<Map<String, JsonNode>> KWARGS = new TypeReference<>() {};

    private final ImportOptions options;
    private final Instant now;

    Translator(ImportOptions options, Instant now) {
        this.options = options;
        this.now = now;
    }

    /**
     * @param name of the schedule
     */
    Translation translate(SourceTask task, String name) {
        if (task.task().equals(CLEANUP)) {
            return new Needless("results are kept and deleted by celeriac.results.retention");
        }
        try {
            return new Translating(task, name).translate();
        } catch (InvalidScheduleException e) {
            return new Untranslatable(e.field() + ' ' + e.rule());
        }
    }

    private final class Translating {
        private final SourceTask task;
        private final Routing routing;
        private final Limits limits;
        private final String name;
        private final List<String> remarks = new ArrayList<>();

        Translating(SourceTask task, String name) {
            this.task = task;
            this.name = name;
            routing = task.routing();
            limits = task.limits();
        }

        Translation translate() {
            if (task.rules().size() != 1) {
                return new Untranslatable(
                        task.rules().isEmpty()
                                ? "it has no schedule"
                                : "it has more than one schedule: "
                                        + task.rules().stream()
                                                .map(SourceRule::kind)
                                                .collect(Collectors.joining(", ")));
            }
            if (!name.equals(options.prefix() + task.name())) {
                remarks.add("its name is " + name + " here");
            }
            var rule = task.rules().get(0);
            var lastRun = lastRun(rule);
            var builder = Schedule.named(name)
                    .task(template())
                    .rule(rule(rule))
                    .timezone(rule instanceof SourceRule.Cron cron ? zone(cron.timezone()) : UTC)
                    .startAt(lastRun == null ? time("start_time", limits.startTime()) : lastRun)
                    .endAt(end())
                    .oneOff(limits.oneOff())
                    .expiresAfter(expiry())
                    .description(description());
            return new Translated(enable(builder).build(), lastRun != null, remarks);
        }

        /** The last run, from which the source counts an interval; null if it does not. */
        private @Nullable Instant lastRun(SourceRule rule) {
            var lastRun = time("last_run_at", limits.lastRunAt());
            if (!(rule instanceof SourceRule.Every) || lastRun == null) {
                return null;
            }
            var start = time("start_time", limits.startTime());
            var end = time("expires", limits.expires());
            var fits = (start == null || !lastRun.isBefore(start)) && (end == null || !end.isBefore(lastRun));
            return fits ? lastRun : null;
        }

        private ScheduleRule rule(SourceRule rule) {
            if (rule instanceof SourceRule.Every every) {
                return interval(every);
            } else if (rule instanceof SourceRule.Cron cron) {
                return Crontab.of(cron.minute(), cron.hour(), cron.dayOfMonth(), cron.monthOfYear(), cron.dayOfWeek());
            } else if (rule instanceof SourceRule.Sun sun) {
                return new Solar(Solar.Event.of(sun.event()), sun.latitude(), sun.longitude());
            }
            return clocked((SourceRule.Once) rule);
        }

        private Interval interval(SourceRule.Every every) {
            var unit = PERIODS.get(every.period());
            if (unit == null) {
                throw new InvalidScheduleException(
                        "period", "must be one of " + PERIODS.keySet() + ", but is \"" + every.period() + '"');
            }
            return new Interval(Duration.of(every.every(), unit));
        }

        private Clocked clocked(SourceRule.Once once) {
            var at = time("clocked_time", once.time());
            if (at == null) {
                throw new InvalidScheduleException("clocked_time", "is required");
            }
            if (!at.isAfter(now)) {
                remarks.add("its time is past, so it does not fire any more");
            }
            return new Clocked(at);
        }

        private ZoneId zone(String timezone) {
            try {
                return ZoneId.of(timezone);
            } catch (DateTimeException e) {
                throw new InvalidScheduleException("timezone", "is unknown here: \"" + timezone + '"');
            }
        }

        private TaskTemplate template() {
            differentRouting();
            return new TaskTemplate(task.task(), args(), kwargs(), queue(), priority(), Map.of());
        }

        private List<JsonNode> args() {
            var args = json("args", task.args(), "[]");
            if (!args.isArray()) {
                throw new InvalidScheduleException("args", "must be a JSON array");
            }
            return StreamSupport.stream(args.spliterator(), false).toList();
        }

        private Map<String, JsonNode> kwargs() {
            var kwargs = json("kwargs", task.kwargs(), "{}");
            if (!kwargs.isObject()) {
                throw new InvalidScheduleException("kwargs", "must be a JSON object");
            }
            return TaskJson.MAPPER.convertValue(kwargs, KWARGS);
        }

        private JsonNode json(String field, @Nullable String text, String none) {
            try {
                var given = given(text);
                return TaskJson.MAPPER.readTree(given == null ? none : given);
            } catch (JacksonException | ArithmeticException | NumberFormatException e) {
                throw new InvalidScheduleException(field, "cannot be read as JSON");
            }
        }

        private String queue() {
            var queue = given(routing.queue());
            if (queue == null) {
                return TaskRules.DEFAULT_QUEUE;
            }
            var mapped = options.queueMap().get(queue);
            if (mapped != null) {
                remarks.add("its queue " + queue + " is " + mapped + " here");
                return mapped;
            }
            try {
                return TaskRules.queue(queue);
            } catch (InvalidTaskException e) {
                throw new InvalidScheduleException(e.field(), e.rule() + "; --queue-map gives it another name");
            }
        }

        private @Nullable Integer priority() {
            var priority = routing.priority();
            if (priority == null) {
                return null;
            }
            var clipped = Math.min(Math.max(priority, 0), HIGHEST_PRIORITY);
            var mapped = options.redisPriorities() ? HIGHEST_PRIORITY - clipped : clipped;
            remarks.add("its priority " + priority + " is " + mapped + " here, where 9 is the highest, "
                    + (options.redisPriorities() ? "as 0 was on Redis" : "as on RabbitMQ"));
            return mapped;
        }

        private void differentRouting() {
            remarkMissing("exchange", given(routing.exchange()));
            remarkMissing("routing_key", given(routing.routingKey()));
            var headers = given(routing.headers());
            if (headers != null) {
                headers(headers);
            }
        }

        private void remarkMissing(String field, @Nullable String value) {
            if (value != null) {
                remarks.add(field + ' ' + value + " has no counterpart");
            }
        }

        /** Reports only the names of headers: their values may be secret. */
        private void headers(String text) {
            try {
                if (TaskJson.MAPPER.readTree(text) instanceof ObjectNode headers) {
                    if (!headers.isEmpty()) {
                        remarks.add("headers have no counterpart: " + String.join(", ", headers.propertyNames()));
                    }
                    return;
                }
            } catch (JacksonException | ArithmeticException | NumberFormatException e) {
                // The same as JSON that is no object.
            }
            remarks.add("headers have no counterpart, and are no JSON object");
        }

        private @Nullable Instant end() {
            var end = time("expires", limits.expires());
            if (end != null) {
                remarks.add(
                        "expires is when it ends; a task that waits then still runs, which beat gave the same expiry");
            }
            return end;
        }

        private @Nullable Duration expiry() {
            var seconds = limits.expireSeconds();
            return seconds == null || seconds == 0 ? null : Duration.ofSeconds(seconds);
        }

        private @Nullable String description() {
            var description = given(task.description());
            if (description != null && description.length() > LONGEST_DESCRIPTION) {
                remarks.add("its description is cut to " + LONGEST_DESCRIPTION + " characters");
                return PlainText.clipped(description, LONGEST_DESCRIPTION);
            }
            return description;
        }

        private Schedule.Builder enable(Schedule.Builder builder) {
            var hasRun = limits.enabled() && limits.oneOff() && limits.runs() > 0;
            if (hasRun) {
                remarks.add("it is to run once and has, so it is paused here, as beat would have done next");
            }
            var wouldFire = limits.enabled() && !hasRun;
            return wouldFire && options.paused() ? builder.enabled(false).note(PAUSED) : builder.enabled(wouldFire);
        }

        private @Nullable Instant time(String field, @Nullable String text) {
            if (text == null) {
                return null;
            }
            try {
                return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new InvalidScheduleException(field, "is no time: \"" + text + '"');
            }
        }
    }

    /** Django writes empty text where nothing was given. */
    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
