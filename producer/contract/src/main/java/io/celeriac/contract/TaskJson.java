package io.celeriac.contract;

import io.celeriac.contract.control.Command;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.json.WireMapper;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.task.PlainTaskReader;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.GroupReference;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.contract.workflow.WorkflowState;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the wire format: UTF-8 JSON, camelCase, no Java class names.
 *
 * <p>It is strict about types: a number in place of a string is refused, an instant is RFC 3339 and never a number. It is
 * lenient about fields: unknown fields are carried along. Numbers keep every digit: decimals are never read as binary floating
 * point. Safe for use by several threads.
 */
public final class TaskJson {

    /** The mapper of the wire. Use it for arguments and results too, so that they look the same everywhere. */
    public static final JsonMapper MAPPER = WireMapper.MAPPER;

    private static final PlainTaskReader PLAIN_TASK = new PlainTaskReader(MAPPER);
    private static final ObjectReader TASK = MAPPER.readerFor(Task.class);
    private static final ObjectReader RESULT = MAPPER.readerFor(TaskResult.class);
    private static final ObjectReader COMMAND = MAPPER.readerFor(Command.class);
    private static final ObjectReader PURGE = MAPPER.readerFor(PurgeCommand.class);
    private static final ObjectReader WORKER_COMMAND = MAPPER.readerFor(WorkerCommand.class);
    private static final ObjectReader LIVE_SETTING = MAPPER.readerFor(LiveSetting.class);
    private static final ObjectReader HEARTBEAT = MAPPER.readerFor(Heartbeat.class);
    private static final ObjectReader DECLARATION = MAPPER.readerFor(ScheduleDeclaration.class);
    private static final ObjectReader FIELDS = MAPPER.readerForMapOf(JsonNode.class);
    private static final ObjectReader WORKFLOW = MAPPER.readerFor(Workflow.class);
    private static final ObjectReader APPEND = MAPPER.readerFor(GroupAppend.class);
    private static final ObjectReader COMPLETE = MAPPER.readerFor(GroupComplete.class);
    private static final ObjectReader WORKFLOW_COMMAND = MAPPER.readerFor(WorkflowCommand.class);
    private static final ObjectReader MEMBER_ENDED = MAPPER.readerFor(MemberEnded.class);
    private static final ObjectReader GROUP_PART = MAPPER.readerFor(GroupPart.class);
    private static final ObjectReader GROUP_REFERENCE = MAPPER.readerFor(GroupReference.class);
    private static final ObjectReader WORKFLOW_STATE = MAPPER.readerFor(WorkflowState.class);
    private static final ObjectReader NODE_STATE = MAPPER.readerFor(NodeState.class);
    private static final ObjectWriter WRITER = MAPPER.writer();

    private TaskJson() {}

    /**
     * @throws InvalidTaskException when the bytes are not JSON, or a field breaks a rule
     */
    public static Task task(byte[] json) {
        var plain = PLAIN_TASK.read(json);
        return plain == null ? boundTask(json) : plain;
    }

    /** As {@link #task(byte[])}, but always by data binding. */
    public static Task boundTask(byte[] json) {
        return read(TASK, Task.class, json);
    }

    /**
     * @throws InvalidTaskException as {@link #task(byte[])}
     */
    public static Task task(JsonNode json) {
        return WireMapper.read(() -> TASK.<@Nullable Task>readValue(json));
    }

    /**
     * Any JSON as a tree, for callers that inspect it before they read it as a record.
     *
     * @throws InvalidTaskException when the bytes are not JSON
     */
    public static JsonNode parse(byte[] json) {
        return WireMapper.read(() -> MAPPER.readTree(json));
    }

    /**
     * The fields of a JSON object, for callers that add to them before they read it as a record. Unlike {@link #parse}, an error names the
     * field.
     *
     * @throws InvalidTaskException when the bytes are not a JSON object
     */
    public static ObjectNode fields(byte[] json) {
        Map<String, JsonNode> fields = WireMapper.read(() -> FIELDS.<@Nullable Map<String, JsonNode>>readValue(json));
        return MAPPER.createObjectNode().setAll(fields);
    }

    /**
     * @throws InvalidTaskException when the bytes are not a result
     */
    public static TaskResult result(byte[] json) {
        return read(RESULT, TaskResult.class, json);
    }

    /**
     * @throws InvalidTaskException when the bytes are not a command
     */
    public static Command command(byte[] json) {
        return read(COMMAND, Command.class, json);
    }

    /**
     * @throws InvalidTaskException as {@link #task(byte[])}
     */
    public static PurgeCommand purge(byte[] json) {
        return read(PURGE, PurgeCommand.class, json);
    }

    /**
     * @throws InvalidTaskException as {@link #task(byte[])}
     */
    public static WorkerCommand workerCommand(byte[] json) {
        return read(WORKER_COMMAND, WorkerCommand.class, json);
    }

    /**
     * @throws InvalidTaskException as {@link #task(byte[])}
     */
    public static LiveSetting liveSetting(byte[] json) {
        return read(LIVE_SETTING, LiveSetting.class, json);
    }

    /**
     * @throws InvalidTaskException as {@link #task(byte[])}
     */
    public static Heartbeat heartbeat(byte[] json) {
        return read(HEARTBEAT, Heartbeat.class, json);
    }

    /**
     * @throws InvalidTaskException when the bytes are not a declaration
     */
    public static ScheduleDeclaration declaration(byte[] json) {
        return read(DECLARATION, ScheduleDeclaration.class, json);
    }

    /**
     * A record of the workflows' topic, told by its field {@code root}, {@code append}, {@code complete} or {@code command}.
     *
     * @throws InvalidTaskException when the bytes are no such record
     */
    public static WorkflowRecord workflowRecord(byte[] json) {
        var tree = parse(json);
        if (tree.has("append")) {
            return WireMapper.read(() -> APPEND.<@Nullable GroupAppend>readValue(tree));
        }
        if (tree.has("complete")) {
            return WireMapper.read(() -> COMPLETE.<@Nullable GroupComplete>readValue(tree));
        }
        return tree.has("command")
                ? WireMapper.read(() -> WORKFLOW_COMMAND.<@Nullable WorkflowCommand>readValue(tree))
                : workflow(tree);
    }

    /**
     * @throws InvalidTaskException when the tree is not a workflow
     */
    public static Workflow workflow(JsonNode json) {
        return WireMapper.read(() -> WORKFLOW.<@Nullable Workflow>readValue(json));
    }

    /**
     * @throws InvalidTaskException when the bytes do not tell how a task of a workflow ended
     */
    public static MemberEnded memberEnded(byte[] json) {
        return read(MEMBER_ENDED, MemberEnded.class, json);
    }

    /**
     * @throws InvalidTaskException when the bytes are not some of the results of a group
     */
    public static GroupPart groupPart(byte[] json) {
        return read(GROUP_PART, GroupPart.class, json);
    }

    /**
     * @throws InvalidTaskException when the tree does not refer to the results of a group
     */
    public static GroupReference groupReference(JsonNode json) {
        return WireMapper.read(() -> GROUP_REFERENCE.<@Nullable GroupReference>readValue(json));
    }

    /**
     * @throws InvalidTaskException when the bytes are not the state of a workflow
     */
    public static WorkflowState workflowState(byte[] json) {
        return read(WORKFLOW_STATE, WorkflowState.class, json);
    }

    /**
     * @throws InvalidTaskException when the bytes are not the state of a node
     */
    public static NodeState nodeState(byte[] json) {
        return read(NODE_STATE, NodeState.class, json);
    }

    /**
     * The name in the field {@code task} of a task or a result, even if the rest of the record is unreadable.
     *
     * @return empty when it cannot be told, also when there are two different names
     */
    public static Optional<String> nameIn(byte[] json) {
        return textIn(json, "task");
    }

    /**
     * The word in the field {@code command} of a record of the control topic, even if this program does not know the command.
     *
     * @return empty when it cannot be told
     */
    public static Optional<String> commandIn(byte[] json) {
        return textIn(json, "command");
    }

    private static Optional<String> textIn(byte[] json, String wanted) {
        Optional<String> found = Optional.empty();
        try (var parser = MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (var field = parser.nextName(); field != null; field = parser.nextName()) {
                var value = parser.nextToken();
                if (field.equals(wanted)) {
                    var text = value == JsonToken.VALUE_STRING ? parser.getString() : null;
                    if (text == null || (found.isPresent() && !found.get().equals(text))) {
                        return Optional.empty();
                    }
                    found = Optional.of(text);
                }
                parser.skipChildren();
            }
            return found;
        } catch (RuntimeException | StackOverflowError e) {
            return found; // the field may precede the place where the JSON breaks off
        }
    }

    /** UTF-8 JSON of a record of this package. */
    public static byte[] bytes(Object value) {
        return WRITER.writeValueAsBytes(value);
    }

    /**
     * Any value as JSON; null becomes JSON's null.
     *
     * @throws InvalidTaskException when it contains itself, or is nested too deep
     */
    public static JsonNode tree(@Nullable Object value) {
        return WireMapper.tree(value);
    }

    private static <T> T read(ObjectReader reader, Class<T> type, byte[] json) {
        return WireMapper.read(() -> type.cast(reader.<@Nullable Object>readValue(json)));
    }
}
