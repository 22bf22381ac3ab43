package io.celeriac.resultsweb.event;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.TaskState;
import io.celeriac.web.caller.PayloadMask;
import java.util.Map;

/**
 * A record of the results topic, ready to be filtered and sent: the fields for filters, and the event as bytes.
 *
 * @param id of the task
 * @param schedule name of the schedule it came from; empty for none
 * @param rootId of the first task of its workflow; the task's own id if it has no root
 * @param body the event without its id line, ready to be sent; shared by all clients, never changed
 */
record StateChange(
        String id,
        TaskState state,
        String task,
        String queue,
        String schedule,
        String rootId,
        Map<String, String> labels,
        byte[] body) {

    /** The same without what only {@code task:payload} may read. */
    StateChange masked() {
        var json = PayloadMask.mask(TaskJson.MAPPER.readTree(Frame.data(body)));
        return new StateChange(
                id, state, task, queue, schedule, rootId, labels, Frame.body(state.name(), TaskJson.bytes(json)));
    }

    /** The result, read from the event. */
    TaskResult result() {
        return TaskJson.result(Frame.data(body));
    }
}
