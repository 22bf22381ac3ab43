package io.celeriac.contract.asyncapi;

import static java.util.Map.entry;

import io.celeriac.contract.Golden;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.WorkflowState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Examples of the records, most of which are those that the readers are tested with. */
final class Examples {

    private static final Instant AT = Instant.parse("2026-01-31T12:00:00Z");

    private final Map<String, Map<String, JsonNode>> examples = Map.ofEntries(
            entry("Task", golden("task-minimal", "task-full")),
            entry("TaskResult", golden("result-success", "result-retry", "result-revoked")),
            entry("Command", golden("command-revoke", "command-terminate")),
            entry("PurgeCommand", golden("command-purge")),
            entry("WorkerCommand", golden("command-drain")),
            entry("ScheduleDeclaration", golden("declare-schedules")),
            entry("LiveSetting", golden("setting-pause", "setting-handler")),
            entry("Heartbeat", golden("heartbeat")),
            entry("Workflow", Map.of("chord", json("""
                    {"id": "first-workflow", "name": "sums", "labels": {"tenant": "acme"}, "root": {"chord": {
                      "header": [{"task": "demo.add", "args": [1, 2]}, {"task": "demo.add", "args": [3, 4]}],
                      "body": {"task": "demo.sum"}}}}
                    """))),
            entry("GroupAppend", Map.of("append", json("""
                    {"id": "big", "node": "0.0", "from": 0, "append": [{"task": "demo.add", "args": [1, 2]}]}
                    """))),
            entry("GroupComplete", Map.of("complete", json("""
                    {"id": "big", "node": "0.0", "complete": 1}
                    """))),
            entry("WorkflowCommand", Map.of("revoke", json("""
                    {"id": "first-workflow", "command": "revoke", "terminate": true, "by": "ada", "at": "2026-01-31T12:00:00Z"}
                    """))),
            entry(
                    "GroupPart",
                    written(
                            "two results",
                            new GroupPart(
                                    "first-workflow", "0.0", 0, true, List.of(TaskJson.tree(1), TaskJson.tree(2))))),
            entry(
                    "MemberEnded",
                    written(
                            "ended",
                            new MemberEnded(
                                    "first-workflow",
                                    "0.0.0",
                                    "a-task",
                                    TaskState.SUCCESS,
                                    TaskJson.tree(3),
                                    null,
                                    AT,
                                    AT))),
            entry(
                    "WorkflowState",
                    written(
                            "running",
                            new WorkflowState(
                                    "first-workflow",
                                    "sums",
                                    Map.of(),
                                    null,
                                    TaskState.STARTED,
                                    0,
                                    2,
                                    3,
                                    1,
                                    0,
                                    0,
                                    1,
                                    null,
                                    AT,
                                    null))),
            entry(
                    "NodeState",
                    written(
                            "running",
                            new NodeState(
                                    "first-workflow",
                                    "0.0",
                                    NodeKind.GROUP,
                                    null,
                                    TaskState.STARTED,
                                    0,
                                    2,
                                    2,
                                    1,
                                    0,
                                    false,
                                    null,
                                    AT,
                                    null))));

    /** By a name for people. */
    Map<String, JsonNode> of(String message) {
        return examples.get(message);
    }

    private static Map<String, JsonNode> golden(String... files) {
        var found = new LinkedHashMap<String, JsonNode>();
        for (var file : List.of(files)) {
            found.put(file, TaskJson.parse(Golden.bytes("/golden/" + file + ".json")));
        }
        return found;
    }

    private static JsonNode json(String text) {
        return TaskJson.MAPPER.readTree(text);
    }

    private static Map<String, JsonNode> written(String title, Object record) {
        return Map.of(title, TaskJson.tree(record));
    }
}
