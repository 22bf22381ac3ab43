package io.celeriac.results.condition;

import io.celeriac.contract.result.TaskResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column of {@code task_result} that holds a number. */
public enum NumberColumn {
    ATTEMPT("attempt", result -> (long) result.attempt()),
    PRIORITY("priority", result -> (long) result.priority()),
    PARTITION(
            "record_partition",
            result -> result.partition() == null ? null : result.partition().longValue()),
    OFFSET("record_offset", TaskResult::offset);

    private final String sql;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a method of an immutable record
    private final Function<TaskResult, @Nullable Long> value;

    NumberColumn(String sql, Function<TaskResult, @Nullable Long> value) {
        this.sql = sql;
        this.value = value;
    }

    String sql() {
        return sql;
    }

    @Nullable
    Long of(TaskResult result) {
        return value.apply(result);
    }
}
