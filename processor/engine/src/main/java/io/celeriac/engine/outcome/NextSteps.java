package io.celeriac.engine.outcome;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tasks that a finished task emits. Their ids are derived from the parent's id and their position, so that emitting
 * them again after a crash gives the same tasks.
 *
 * @param ids of the tasks, in order
 * @param publications the tasks
 */
record NextSteps(List<String> ids, List<OutboundRecord> publications) {

    private static final NextSteps NONE = new NextSteps(List.of(), List.of());
    private static final Header SECRET = new RecordHeader(DeadLetter.SECRET, "true".getBytes(UTF_8));

    /** The first argument of an {@code onFailure} task that is not immutable. */
    private record Failed(String id, String task, TaskError error) {}

    /**
     * @param secret whether the result is secret, and so the arguments of the steps that get it
     */
    static NextSteps afterSuccess(
            Topics topics,
            AcceptedTask parent,
            Instant now,
            @Nullable JsonNode result,
            boolean secret,
            List<Header> trace) {
        var steps = parent.task().onSuccess();
        if (steps.isEmpty()) {
            return NONE;
        }
        return emit(topics, parent, now, "success", steps, TaskJson.tree(result), secret, trace);
    }

    static NextSteps afterFailure(
            Topics topics, AcceptedTask parent, Instant now, TaskError error, List<Header> trace) {
        var steps = parent.task().onFailure();
        if (steps.isEmpty()) {
            return NONE;
        }
        var failed = new Failed(parent.id(), parent.task().task(), new TaskError(error.type(), error.message(), null));
        return emit(topics, parent, now, "failure", steps, TaskJson.tree(failed), false, trace);
    }

    private static NextSteps emit(
            Topics topics,
            AcceptedTask parent,
            Instant now,
            String relation,
            List<Signature> steps,
            JsonNode outcome,
            boolean secret,
            List<Header> trace) {
        var ids = new ArrayList<String>(steps.size());
        var publications = new ArrayList<OutboundRecord>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            var id = TaskIds.ofChild(parent.id(), relation, i);
            var task = child(parent, step.task(), id, arguments(step, outcome), now);
            var queue = step.queue() == null ? parent.origin().queue() : step.queue();
            ids.add(id);
            var headers = secret && !step.immutable() ? secret(trace) : trace;
            publications.add(publication(topics.tasks(queue), task, headers));
        }
        return new NextSteps(ids, publications);
    }

    /** The headers of a record that contains a secret result. */
    static List<Header> secret(List<Header> trace) {
        return Stream.concat(trace.stream(), Stream.of(SECRET)).toList();
    }

    private static List<JsonNode> arguments(Signature step, JsonNode outcome) {
        var args = new ArrayList<JsonNode>();
        if (!step.immutable()) {
            args.add(outcome);
        }
        args.addAll(step.task().args());
        return args;
    }

    /** A task with the fields that it inherits from its parent. */
    static Task child(AcceptedTask parent, Task task, String id, List<JsonNode> args, Instant now) {
        return task.toBuilder()
                .id(id)
                .args(args)
                .labels(labels(parent.task().labels(), task.labels()))
                .parentId(parent.id())
                .rootId(
                        parent.task().rootId() == null
                                ? parent.id()
                                : parent.task().rootId())
                .workflow(null) // its parent's, in a handler's copy of its own task
                .submittedAt(now)
                .build();
    }

    /** The task's own labels, and as many inherited labels as a task may have. */
    private static Map<String, String> labels(Map<String, String> inherited, Map<String, String> own) {
        var labels = new LinkedHashMap<>(inherited);
        labels.putAll(own);
        for (var names = labels.keySet().iterator(); labels.size() > Limits.LABELS && names.hasNext(); ) {
            if (!own.containsKey(names.next())) {
                names.remove();
            }
        }
        return labels;
    }

    static OutboundRecord publication(String topic, Task task, List<Header> trace) {
        return new OutboundRecord(
                Destination.NEXT_STEPS, topic, task.partitionKey().getBytes(UTF_8), TaskJson.bytes(task), trace);
    }
}
