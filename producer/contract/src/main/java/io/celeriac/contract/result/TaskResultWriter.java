package io.celeriac.contract.result;

import io.celeriac.contract.json.WireInstant;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes a result field by field, with the same output as data binding. It takes 2.0 µs instead of 2.9, and 8 µs instead of 20 over
 * the first 100,000 results of a JVM (one run, JDK 17).
 */
final class TaskResultWriter extends ValueSerializer<TaskResult> {

    @Override
    public void serialize(TaskResult result, JsonGenerator out, SerializationContext context) {
        out.writeStartObject();
        out.writeStringProperty("id", result.id());
        out.writeStringProperty("task", result.task());
        out.writeStringProperty("queue", result.queue());
        out.writeStringProperty("state", result.state().name());
        out.writeNumberProperty("attempt", result.attempt());
        out.writeNumberProperty("revision", result.revision());
        values(out, context, "args", result.args());
        values(out, context, "kwargs", result.kwargs());
        if (result.argumentsOmitted()) {
            out.writeBooleanProperty("argumentsOmitted", true);
        }
        value(out, context, "result", result.result());
        value(out, context, "error", result.error());
        value(out, context, "reason", result.reason());
        value(out, context, "progress", result.progress());
        string(out, "worker", result.worker());
        if (result.partition() != null) {
            out.writeNumberProperty("partition", result.partition());
        }
        if (result.offset() != null) {
            out.writeNumberProperty("offset", result.offset());
        }
        string(out, "key", result.key());
        out.writeNumberProperty("priority", result.priority());
        labels(out, result.labels());
        string(out, "parentId", result.parentId());
        string(out, "rootId", result.rootId());
        string(out, "groupId", result.groupId());
        string(out, "retryOf", result.retryOf());
        string(out, "winner", result.winner());
        value(out, context, "schedule", result.schedule());
        instant(out, "submittedAt", result.submittedAt());
        instant(out, "eta", result.eta());
        instant(out, "startedAt", result.startedAt());
        instant(out, "finishedAt", result.finishedAt());
        instant(out, "nextAttemptAt", result.nextAttemptAt());
        children(out, result.children());
        out.writeEndObject();
    }

    private static void values(JsonGenerator out, SerializationContext context, String name, Collection<?> values) {
        if (!values.isEmpty()) {
            out.writeName(name);
            out.writeStartArray();
            values.forEach(value -> context.writeValue(out, value));
            out.writeEndArray();
        }
    }

    private static void values(JsonGenerator out, SerializationContext context, String name, Map<String, ?> values) {
        if (!values.isEmpty()) {
            out.writeName(name);
            out.writeStartObject();
            values.forEach((key, value) -> value(out, context, key, value));
            out.writeEndObject();
        }
    }

    private static void value(JsonGenerator out, SerializationContext context, String name, @Nullable Object value) {
        if (value != null) {
            out.writeName(name);
            context.writeValue(out, value);
        }
    }

    private static void labels(JsonGenerator out, Map<String, String> labels) {
        if (!labels.isEmpty()) {
            out.writeName("labels");
            out.writeStartObject();
            labels.forEach(out::writeStringProperty);
            out.writeEndObject();
        }
    }

    private static void string(JsonGenerator out, String name, @Nullable String value) {
        if (value != null) {
            out.writeStringProperty(name, value);
        }
    }

    private static void instant(JsonGenerator out, String name, @Nullable Instant value) {
        if (value != null) {
            out.writeStringProperty(name, WireInstant.format(value));
        }
    }

    private static void children(JsonGenerator out, Collection<String> children) {
        if (!children.isEmpty()) {
            out.writeName("children");
            out.writeStartArray();
            children.forEach(out::writeString);
            out.writeEndArray();
        }
    }
}
