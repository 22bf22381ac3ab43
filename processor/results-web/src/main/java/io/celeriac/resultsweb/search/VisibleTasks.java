package io.celeriac.resultsweb.search;

import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
        if (needsPayload(search)) {
            caller.require(Authority.TASK_PAYLOAD, "a search for arguments, errors or any text (" + field + ")");
        }
        return within(caller.queues(), search);
    }

    /**
     * A search, narrowed to queues.
     *
     * @param queues null for all
     */
    public static TaskCondition within(@Nullable Set<String> queues, TaskCondition search) {
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

    /** Whether a search looks into arguments, results or errors, so that it needs {@code task:payload}, and tells of them. */
    public static boolean needsPayload(TaskCondition search) {
        return anyIs(
                search,
                part -> part instanceof TaskCondition.Argument
                        || part instanceof TaskCondition.Contains
                        || (part instanceof TaskCondition.Failed failed && failed.text() != null));
    }

    /** Whether a search names a queue that the caller does not see. */
    public static boolean namesAnotherQueue(Caller caller, TaskCondition search) {
        var queues = caller.queues();
        return queues != null
                && anyIs(
                        search,
                        part -> part instanceof TaskCondition.Text text
                                && text.column() == TextColumn.QUEUE
                                && queues.stream().noneMatch(text.match()::fits));
    }

    private static boolean anyIs(TaskCondition search, Predicate<TaskCondition> wanted) {
        if (search instanceof TaskCondition.And and) {
            return and.parts().stream().anyMatch(part -> anyIs(part, wanted));
        }
        if (search instanceof TaskCondition.Or or) {
            return or.parts().stream().anyMatch(part -> anyIs(part, wanted));
        }
        if (search instanceof TaskCondition.Not not) {
            return anyIs(not.part(), wanted);
        }
        return wanted.test(search);
    }
}
