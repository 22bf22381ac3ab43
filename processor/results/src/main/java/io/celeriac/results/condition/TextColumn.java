package io.celeriac.results.condition;

import io.celeriac.contract.result.TaskResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column of {@code task_result} that holds a text. */
public enum TextColumn {
    ID("id", "PRIMARY", TaskResult::id),
    TASK("task", null, TaskResult::task),
    QUEUE("queue", null, TaskResult::queue),
    STATE("state", null, result -> result.state().name()),
    REASON(
            "reason",
            null,
            result -> result.reason() == null ? null : result.reason().name()),
    WORKER("worker", null, TaskResult::worker),
    KEY("task_key", null, TaskResult::key),
    PARENT("parent_id", "task_result_by_parent", TaskResult::parentId),
    ROOT("root_id", "task_result_by_root", TaskResult::rootId),
    GROUP("group_id", "task_result_by_group", TaskResult::groupId),
    RETRY_OF("retry_of", "task_result_by_retry_of", TaskResult::retryOf),
    SCHEDULE(
            "schedule_name",
            null,
            result -> result.schedule() == null ? null : result.schedule().name());

    private final String sql;
    private final @Nullable String index;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a method of an immutable record
    private final Function<TaskResult, @Nullable String> value;

    TextColumn(String sql, @Nullable String index, Function<TaskResult, @Nullable String> value) {
        this.sql = sql;
        this.index = index;
        this.value = value;
    }

    /** The column's name in the table. */
    public String sql() {
        return sql;
    }

    /** The index that finds the few rows of one value; null when there is none, or it is also ordered by time. */
    public @Nullable String index() {
        return index;
    }

    @Nullable
    String of(TaskResult result) {
        return value.apply(result);
    }
}
