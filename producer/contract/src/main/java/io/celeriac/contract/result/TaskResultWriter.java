package io.celeriac.contract.result;

import io.celeriac.contract.json.WireFields;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Writes a result field by field, with the same output as data binding. */
final class TaskResultWriter extends ValueSerializer<TaskResult> {

    @Override
    public void serialize(TaskResult result, JsonGenerator out, SerializationContext context) {
        out.writeStartObject();
        var fields = new WireFields(out, context);
        fields.string("id", result.id());
        fields.string("task", result.task());
        fields.string("queue", result.queue());
        fields.string("state", result.state().name());
        out.writeNumberProperty("attempt", result.attempt());
        out.writeNumberProperty("revision", result.revision());
        fields.values("args", result.args());
        fields.values("kwargs", result.kwargs());
        fields.flag("argumentsOmitted", result.argumentsOmitted());
        fields.value("result", result.result());
        fields.value("error", result.error());
        fields.value("reason", result.reason());
        fields.value("progress", result.progress());
        fields.string("worker", result.worker());
        fields.number("partition", result.partition());
        fields.number("offset", result.offset());
        fields.string("key", result.key());
        out.writeNumberProperty("priority", result.priority());
        fields.strings("labels", result.labels());
        fields.string("parentId", result.parentId());
        fields.string("rootId", result.rootId());
        fields.string("groupId", result.groupId());
        fields.string("retryOf", result.retryOf());
        fields.string("winner", result.winner());
        fields.value("schedule", result.schedule());
        fields.instant("submittedAt", result.submittedAt());
        fields.instant("eta", result.eta());
        fields.instant("startedAt", result.startedAt());
        fields.instant("finishedAt", result.finishedAt());
        fields.instant("nextAttemptAt", result.nextAttemptAt());
        fields.strings("children", result.children());
        out.writeEndObject();
    }
}
