package io.celeriac.engine.periodic;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.engine.PeriodicTask;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns one annotation into the JSON of a schedule. It writes only what differs from a schedule's defaults, so a changed default does
 * not change the declaration.
 */
final class DeclaredTask {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,200}");
    private static final String OFF = "-";

    private final PeriodicTask periodic;
    private final String task;
    private final String defaultQueue;
    private final UnaryOperator<String> placeholders;
    private final ObjectNode json = TaskJson.MAPPER.createObjectNode();

    /**
     * @param task name of the handler's tasks
     * @param defaultQueue queue of the tasks unless the annotation names one
     * @param placeholders replaces the placeholders in a text; throws {@link IllegalArgumentException} for one without a value
     */
    DeclaredTask(PeriodicTask periodic, String task, String defaultQueue, UnaryOperator<String> placeholders) {
        this.periodic = periodic;
        this.task = task;
        this.defaultQueue = defaultQueue;
        this.placeholders = placeholders;
    }

    /**
     * Reads the annotation. To be called once.
     *
     * @return empty when the schedule is switched off
     * @throws IllegalArgumentException naming the element of the annotation that breaks a rule
     */
    Optional<Declared> read() {
        if (periodic.every().isEmpty() == periodic.crontab().isEmpty()) {
            throw new IllegalArgumentException("exactly one of every and crontab must be given");
        }
        var rule = placeholders
                .apply(periodic.every().isEmpty() ? periodic.crontab() : periodic.every())
                .strip();
        if (rule.isEmpty() || rule.equals(OFF)) {
            return Optional.empty();
        }
        putTask();
        putRule(rule);
        putOptions();
        return Optional.of(new Declared(periodic.policy(), json));
    }

    private void putTask() {
        var name = periodic.name().isEmpty() ? task : periodic.name();
        if (!NAME.matcher(name).matches()) {
            throw wrong("name", "must match " + NAME, name);
        }
        json.put("name", name).put("task", task);
        putJson("args", periodic.args(), "[]");
        putJson("kwargs", periodic.kwargs(), "{}");
        json.put("queue", queue());
        if (periodic.priority() != -1) {
            if (periodic.priority() < 0 || periodic.priority() > 9) {
                throw wrong("priority", "must be from 0 to 9", String.valueOf(periodic.priority()));
            }
            json.put("priority", periodic.priority());
        }
        putLabels();
    }

    private String queue() {
        try {
            return TaskRules.queue(periodic.queue().isEmpty() ? defaultQueue : periodic.queue());
        } catch (InvalidTaskException e) {
            throw new IllegalArgumentException("queue " + e.rule(), e);
        }
    }

    /** @param empty shows what kind of JSON the text has to be */
    private void putJson(String element, String text, String empty) {
        var nothing = TaskJson.MAPPER.readTree(empty);
        var value = json(element, text);
        if (value.getNodeType() != nothing.getNodeType()) {
            throw wrong(element, "must be JSON such as " + empty, text);
        }
        if (!value.isEmpty()) {
            json.set(element, value);
        }
    }

    private static JsonNode json(String element, String text) {
        try {
            return TaskJson.MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw wrong(element, "must be JSON (" + e.getOriginalMessage() + ")", text);
        }
    }

    private void putLabels() {
        if (periodic.labels().length > 0) {
            var labels = json.putObject("labels");
            for (var label : periodic.labels()) {
                var at = label.indexOf('=');
                if (at < 1) {
                    throw wrong("labels", "must each be a name and a value such as tenant=a", label);
                }
                labels.put(label.substring(0, at), label.substring(at + 1));
            }
        }
    }

    private void putRule(String rule) {
        if (periodic.crontab().isEmpty()) {
            json.put("kind", "interval").put("every", longerThanZero("every", rule));
        } else {
            json.put("kind", "crontab").put("expression", rule);
        }
        var zone = placeholders.apply(periodic.zone()).strip();
        if (!zone.equals("UTC")) {
            json.put("timezone", zone(zone).getId());
        }
    }

    private static ZoneId zone(String zone) {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw wrong("zone", "must be a time zone such as Europe/Berlin", zone);
        }
    }

    private void putOptions() {
        if (!enabled()) {
            json.put("enabled", false);
        }
        if (periodic.catchUp() != CatchUpPolicy.LAST) {
            json.put("catchUp", periodic.catchUp().word());
        }
        if (!periodic.catchUpWindow().isEmpty()) {
            json.put(
                    "catchUpWindow",
                    duration("catchUpWindow", periodic.catchUpWindow()).toString());
        }
        if (!periodic.expiresAfter().isEmpty()) {
            json.put("expiresAfter", longerThanZero("expiresAfter", periodic.expiresAfter()));
        }
        if (!periodic.jitter().isEmpty()) {
            json.put("jitter", duration("jitter", periodic.jitter()).toString());
        }
        if (periodic.overlap() != Overlap.ALLOW) {
            json.put("overlap", periodic.overlap().word());
        }
        if (!periodic.description().isEmpty()) {
            json.put("description", periodic.description());
        }
    }

    private boolean enabled() {
        var text = placeholders.apply(periodic.enabled()).strip();
        if (!List.of("true", "false").contains(text)) {
            throw wrong("enabled", "must be true or false", text);
        }
        return Boolean.parseBoolean(text);
    }

    private static String longerThanZero(String element, String text) {
        var duration = duration(element, text);
        if (duration.isZero()) {
            throw wrong(element, "must be longer than zero", text);
        }
        return duration.toString();
    }

    private static Duration duration(String element, String text) {
        try {
            var duration = Duration.parse(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    element + " must be an ISO-8601 duration such as PT30S, but is \"" + text + '"', e);
        }
        throw wrong(element, "must not be negative", text);
    }

    private static IllegalArgumentException wrong(String element, String rule, String text) {
        return new IllegalArgumentException(element + ' ' + rule + ", but is \"" + text + '"');
    }
}
