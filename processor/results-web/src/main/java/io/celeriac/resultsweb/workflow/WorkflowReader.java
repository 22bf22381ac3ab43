package io.celeriac.resultsweb.workflow;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowRecord;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the bodies of requests about workflows. */
final class WorkflowReader {

    private final InstantSource clock;
    private final Supplier<String> ids;

    /**
     * @param ids makes the id of a workflow that has none
     */
    WorkflowReader(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * A workflow with an id and a time of submission.
     *
     * @param idempotencyKey becomes the id; null for none
     * @throws InvalidTaskException when the body breaks a rule
     */
    Workflow workflow(byte[] body, @Nullable String idempotencyKey) {
        var fields = TaskJson.fields(body);
        if (!fields.path("root").isObject()) {
            throw new InvalidTaskException("root", "is required: a node with a task, a chain, a group or a chord");
        }
        if (idempotencyKey != null) {
            identify(fields, TaskRules.id("Idempotency-Key", idempotencyKey));
        } else if (isAbsent(fields.get("id"))) {
            fields.put("id", ids.get());
        }
        if (isAbsent(fields.get("submittedAt"))) {
            fields.put(
                    "submittedAt",
                    clock.instant().truncatedTo(ChronoUnit.MICROS).toString());
        }
        return TaskJson.workflow(fields);
    }

    private static void identify(ObjectNode fields, String id) {
        var own = fields.get("id");
        if (!isAbsent(own) && !own.equals(fields.stringNode(id))) {
            throw new InvalidTaskException("id", "must be the Idempotency-Key, or absent");
        }
        fields.put("id", id);
    }

    /** Further members of a group of this workflow. */
    GroupAppend append(byte[] body, String id) {
        return following(body, id, "append", GroupAppend.class);
    }

    /** The end of the members of a group of this workflow. */
    GroupComplete complete(byte[] body, String id) {
        return following(body, id, "complete", GroupComplete.class);
    }

    private static <T extends WorkflowRecord> T following(byte[] body, String id, String field, Class<T> type) {
        var fields = TaskJson.fields(body);
        for (var required : new String[] {"node", field}) {
            if (isAbsent(fields.get(required))) {
                throw new InvalidTaskException(required, "is required");
            }
        }
        identify(fields, TaskRules.id("id", id));
        var record = TaskJson.workflowRecord(TaskJson.bytes(fields));
        if (!type.isInstance(record)) {
            throw new InvalidTaskException(field, "must stand alone");
        }
        return type.cast(record);
    }

    private static boolean isAbsent(@Nullable JsonNode value) {
        return value == null || value.isNull();
    }
}
