package io.celeriac.resultsweb.search;

import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import java.util.List;

/** The tasks that a caller sees, as a condition. */
public final class VisibleTasks {

    private VisibleTasks() {}

    /**
     * A search, narrowed to the queues that the caller sees.
     *
     * @param field of the request that has the search
     * @throws io.celeriac.web.problem.ProblemException 403 when the search looks into what the caller may not read: whoever may ask
     *     for a text can find it by asking often
     */
    public static TaskCondition of(Caller caller, String field, TaskCondition search) {
        if (looksIntoPayload(search)) {
            caller.require(Authority.TASK_PAYLOAD, "a search for arguments, errors or any text (" + field + ")");
        }
        var queues = caller.queues();
        if (queues == null) {
            return search;
        }
        var visible = queues.stream()
                .sorted()
                .<TaskCondition>map(queue -> new TaskCondition.Text(TextColumn.QUEUE, new Match.Whole(queue)))
                .toList();
        var one =
                visible.size() == 1 ? visible.get(0) : new TaskCondition.Or(visible); // an index serves a single queue
        return new TaskCondition.And(List.of(search, one));
    }

    private static boolean looksIntoPayload(TaskCondition search) {
        if (search instanceof TaskCondition.And and) {
            return and.parts().stream().anyMatch(VisibleTasks::looksIntoPayload);
        }
        if (search instanceof TaskCondition.Or or) {
            return or.parts().stream().anyMatch(VisibleTasks::looksIntoPayload);
        }
        if (search instanceof TaskCondition.Not not) {
            return looksIntoPayload(not.part());
        }
        return search instanceof TaskCondition.Argument
                || search instanceof TaskCondition.Contains
                || (search instanceof TaskCondition.Failed failed && failed.text() != null);
    }
}
