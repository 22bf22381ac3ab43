package io.celeriac.resultsweb.action;

import io.celeriac.contract.result.TaskResult;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.resultsweb.action.ActionWork.Page;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the tasks of a frozen search, page by page. */
public final class TaskMatches {

    private final TaskResultRepository tasks;
    private final TaskFields fields;

    public TaskMatches(TaskResultRepository tasks, TaskFields fields) {
        this.tasks = tasks;
        this.fields = fields;
    }

    /** The next tasks of a search; they may hold secrets that only the rules of this gateway know. */
    public Page<TaskResult> next(Selection selection, @Nullable String cursor, int limit) {
        var frozenQ = selection.frozenQ();
        var condition = VisibleTasks.within(
                selection.queues(), fields.condition(frozenQ, fields.catalogue().reparse(frozenQ)));
        var page = tasks.list(
                new TaskQuery(TaskFilter.ALL.and(condition), limit, cursor == null ? null : TaskCursor.parse(cursor)));
        var items = new LinkedHashMap<String, TaskResult>();
        page.items().forEach(item -> items.put(item.id(), item));
        return new Page<>(items, page.next() == null ? null : page.next().toString());
    }

    /** The task of an id. */
    public Optional<TaskResult> find(String id) {
        return tasks.find(id);
    }
}
