package io.celeriac.contract.task;

import io.celeriac.contract.json.WireFields;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Writes a task field by field, with the same output as data binding. */
final class TaskWriter extends ValueSerializer<Task> {

    @Override
    public void serialize(Task task, JsonGenerator out, SerializationContext context) {
        out.writeStartObject();
        var fields = new WireFields(out, context);
        fields.string("task", task.task());
        fields.string("id", task.id());
        fields.values("args", task.args());
        fields.values("kwargs", task.kwargs());
        fields.instant("eta", task.eta());
        fields.instant("expires", task.expires());
        fields.string("key", task.key());
        fields.value("unique", task.unique());
        fields.number("priority", task.priority());
        fields.number("maxAttempts", task.maxAttempts());
        fields.value("backoff", task.backoff());
        fields.value("timeLimit", task.timeLimit());
        fields.string("parentId", task.parentId());
        fields.string("rootId", task.rootId());
        fields.string("groupId", task.groupId());
        fields.string("retryOf", task.retryOf());
        fields.value("workflow", task.workflow());
        fields.values("onSuccess", task.onSuccess());
        fields.values("onFailure", task.onFailure());
        fields.value("schedule", task.schedule());
        fields.strings("labels", task.labels());
        fields.flag("trackStarted", task.trackStarted());
        fields.flag("ignoreResult", task.ignoreResult());
        fields.instant("submittedAt", task.submittedAt());
        task.extra().forEach(fields::value);
        out.writeEndObject();
    }
}
