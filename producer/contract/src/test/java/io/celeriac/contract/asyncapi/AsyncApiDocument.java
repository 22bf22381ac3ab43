package io.celeriac.contract.asyncapi;

import io.celeriac.contract.control.Command;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.topic.Topic;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Describes the topics of the default namespace and their records in AsyncAPI 3.0. */
final class AsyncApiDocument {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_NAMESPACE);
    private static final String QUEUE = "queue";

    private final ObjectNode document = MAPPER.createObjectNode();
    private final RecordSchemas records = new RecordSchemas();
    private final Examples examples = new Examples();
    private final ObjectNode channels;
    private final ObjectNode operations;
    private final ObjectNode messages;

    AsyncApiDocument() {
        document.put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Celeriac")
                .put("version", "1")
                .put(
                        "description",
                        "The topics of Celeriac, a task queue and scheduler on Kafka, and their records. An operation is named for"
                                + " what Celeriac does: it receives tasks and sends results. Names of topics begin with the"
                                + " namespace, here the default one. Made from the code by AsyncApiTest.")
                .putObject("license")
                .put("name", "Apache-2.0");
        document.put("defaultContentType", "application/json");
        document.putObject("servers")
                .putObject("infra-up")
                .put("host", "127.0.0.1:9092")
                .put("protocol", "kafka")
                .put("description", "The broker that infra/up starts.");
        channels = document.putObject("channels");
        operations = document.putObject("operations");
        var components = document.putObject("components");
        messages = components.putObject("messages");
        addWork();
        addControl();
        addWorkflows();
        components.set("schemas", schemas());
    }

    /** The document as it is so far, complete after construction. */
    ObjectNode json() {
        return document;
    }

    private ObjectNode schemas() {
        var schemas = MAPPER.createObjectNode();
        WireSchemas.add(schemas, "task.schema.json", "Task");
        WireSchemas.add(schemas, "task-result.schema.json", "TaskResult");
        schemas.set("WorkflowNode", WireSchemas.node());
        schemas.setAll(records.definitions());
        requireCommand(schemas, "PurgeCommand", PurgeCommand.COMMAND);
        requireCommand(schemas, "ScheduleDeclaration", ScheduleDeclaration.COMMAND);
        return schemas;
    }

    /** A record whose only command is no component of it. */
    private static void requireCommand(ObjectNode schemas, String record, String command) {
        var schema = (ObjectNode) schemas.get(record);
        ((ObjectNode) schema.get("properties")).putObject("command").put("const", command);
        schema.withArray("required").insert(0, "command");
    }

    private void addWork() {
        var queue = TOPICS.tasksTopic(QUEUE, Topics.DEFAULT_PARTITIONS);
        channel("tasks", queue, "The tasks of one queue.")
                .put("address", TOPICS.tasksPrefix() + "{queue}")
                .putObject("parameters")
                .putObject(QUEUE)
                .put("description", "Name of the queue: 1 to 80 lower-case letters, digits or hyphens.")
                .put("default", "default")
                .putArray("examples")
                .add("default")
                .add("mails");
        message("tasks", "Task", "A task to be run.", "The task's key if it has one, otherwise its id.", null)
                .putObject("headers")
                .put("type", "object")
                .putObject("properties")
                .putObject(DeadLetter.SECRET)
                .put("description", "true: all arguments are secret.")
                .put("type", "string");
        operation("receiveTask", "receive", "tasks");

        channel("results", TOPICS.resultsTopic(Topics.DEFAULT_PARTITIONS), "The states of tasks and workflows.");
        message("results", "TaskResult", "The newest state of a task or a workflow.", "The task's id.", null);
        operation("sendResult", "send", "results");

        channel("deadLetters", TOPICS.deadLettersTopic(), "Records that could not be read or finished.");
        deadLetter();
        operation("sendDeadLetter", "send", "deadLetters");
    }

    private void deadLetter() {
        var message = messages.putObject("DeadLetter");
        message.put("title", "DeadLetter");
        message.put("summary", "The original key, value and headers, and headers that say what was wrong with it.");
        message.put("contentType", "application/octet-stream");
        var headers = message.putObject("headers");
        headers.put("type", "object");
        var required = headers.putArray("required");
        var properties = headers.putObject("properties");
        header(properties, "celeriac-reason", "The kind of problem.").set("enum", words());
        header(properties, "celeriac-message", "What was wrong, for people.");
        header(properties, "celeriac-topic", "Where the record came from.");
        header(properties, "celeriac-partition", "Where the record came from.");
        header(properties, "celeriac-offset", "Where the record came from.");
        header(properties, "celeriac-at", "When it was set aside: RFC 3339.");
        properties.propertyNames().forEach(required::add);
        header(properties, DeadLetter.SECRET, "true: the record may hold a secret.");
        message.putObject("payload").put("description", "The original value, which may be anything.");
        reference("deadLetters", "DeadLetter");
    }

    private static ObjectNode header(ObjectNode properties, String name, String description) {
        return properties.putObject(name).put("description", description).put("type", "string");
    }

    private static ArrayNode words() {
        var words = MAPPER.createArrayNode();
        for (var reason : DeadLetter.Reason.values()) {
            words.add(reason.word());
        }
        return words;
    }

    private void addControl() {
        channel(
                "control",
                TOPICS.controlTopic(),
                "Commands to all workers and schedulers, told apart by the field command.");
        message("control", "Command", "Revokes a task.", "The task's id.", Command.class);
        message("control", "PurgeCommand", "Drops what is in a queue.", "purge/ and the queue.", PurgeCommand.class);
        message("control", "WorkerCommand", "Drains or resumes a worker.", "worker/ and its id.", WorkerCommand.class);
        message(
                "control",
                "ScheduleDeclaration",
                "The schedules in the code of an application.",
                "schedules/ and the source.",
                ScheduleDeclaration.class);
        operation("receiveCommand", "receive", "control");

        channel("settings", TOPICS.settingsTopic(), "What people set while the workers run.");
        message(
                "settings",
                "LiveSetting",
                "Pauses a queue, or limits a worker or a handler.",
                "The kind, / and the target.",
                LiveSetting.class);
        operation("receiveSetting", "receive", "settings");

        channel("workers", TOPICS.workersTopic(), "What workers say of themselves.");
        message("workers", "Heartbeat", "Sent every five seconds.", "The worker's id.", Heartbeat.class);
        operation("sendHeartbeat", "send", "workers");
    }

    private void addWorkflows() {
        var partitions = Topics.DEFAULT_PARTITIONS;
        var id = "The workflow's id.";
        channel(
                "workflows",
                TOPICS.workflowsTopic(partitions),
                "Workflows, told apart from what follows by their fields.");
        message("workflows", "Workflow", "A tree of tasks to be run.", id, Workflow.class);
        message("workflows", "GroupAppend", "Further members of an open group.", id, GroupAppend.class);
        message("workflows", "GroupComplete", "The end of an open group's members.", id, GroupComplete.class);
        message("workflows", "WorkflowCommand", "Revokes or retries a workflow.", id, WorkflowCommand.class);
        operation("receiveWorkflow", "receive", "workflows");

        channel(
                "workflowEvents",
                TOPICS.workflowEventsTopic(partitions),
                "The ends of tasks, from workers to coordinators.");
        message("workflowEvents", "MemberEnded", "How a task of a workflow has ended.", id, MemberEnded.class);
        operation("sendWorkflowEvent", "send", "workflowEvents");

        channel(
                "workflowStates",
                TOPICS.workflowStatesTopic(partitions),
                "The states of workflows and their inner nodes.");
        message("workflowStates", "WorkflowState", "The state of a workflow.", id, WorkflowState.class);
        message(
                "workflowStates",
                "NodeState",
                "The state of an inner node.",
                "The id, / and the path.",
                NodeState.class);
        operation("sendWorkflowState", "send", "workflowStates");

        channel(
                "groupResults",
                TOPICS.groupResultsTopic(partitions),
                "Lists of results that are too large for the record of the task that gets them.");
        message("groupResults", "GroupPart", "Some of the results of a group, in order.", id, GroupPart.class);
        operation("sendGroupPart", "send", "groupResults");
    }

    private ObjectNode channel(String name, Topic topic, String description) {
        var channel = channels.putObject(name);
        channel.put("address", topic.name());
        channel.put("description", description);
        var kafka = channel.putObject("bindings").putObject("kafka");
        kafka.put("partitions", topic.partitions());
        var configuration = kafka.putObject("topicConfiguration");
        var policies = configuration.putArray("cleanup.policy");
        List.of(topic.cleanupPolicy().split(",")).forEach(policies::add);
        configuration.put("retention.ms", topic.retention().toMillis());
        kafka.put("bindingVersion", "0.5.0");
        channel.putObject("messages");
        return channel;
    }

    /** Adds a message whose schema is that of a record, or one of the sources'. */
    private ObjectNode message(String channel, String name, String summary, String key, @Nullable Class<?> record) {
        var message = messages.putObject(name);
        message.put("title", name);
        message.put("summary", summary);
        var kafka = message.putObject("bindings").putObject("kafka");
        kafka.putObject("key").put("description", key).put("type", "string");
        kafka.put("bindingVersion", "0.5.0");
        message.set(
                "payload",
                record == null
                        ? MAPPER.createObjectNode().put("$ref", "#/components/schemas/" + name)
                        : records.reference(record));
        var payloads = message.putArray("examples");
        examples.of(name)
                .forEach((title, payload) ->
                        payloads.addObject().put("name", title).set("payload", payload));
        reference(channel, name);
        return message;
    }

    private void reference(String channel, String message) {
        ((ObjectNode) channels.get(channel).get("messages"))
                .putObject(message)
                .put("$ref", "#/components/messages/" + message);
    }

    private void operation(String name, String action, String channel) {
        operations.putObject(name).put("action", action).putObject("channel").put("$ref", "#/channels/" + channel);
    }
}
