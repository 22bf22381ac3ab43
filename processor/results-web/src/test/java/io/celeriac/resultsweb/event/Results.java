package io.celeriac.resultsweb.event;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;

/** Results for tests. */
final class Results {

    private Results() {}

    static TaskResult result(String id, TaskState state) {
        return TaskResult.of(Task.named("demo.add").id(id).build(), "default", state)
                .build();
    }

    static byte[] json(String id) {
        return TaskJson.bytes(result(id, TaskState.SUCCESS));
    }

    /** With a result that makes the record about as large as asked for. */
    static byte[] json(String id, int size) {
        return TaskJson.bytes(TaskResult.of(Task.named("demo.add").id(id).build(), "default", TaskState.SUCCESS)
                .result(TaskJson.tree("x".repeat(size)))
                .build());
    }
}
