package io.celeriac.results.condition;

import io.celeriac.contract.result.TaskResult;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column of {@code task_result} that holds an instant. */
public enum TimeColumn {
    SUBMITTED("submitted_at", TaskResult::submittedAt),
    STARTED("started_at", TaskResult::startedAt),
    FINISHED("finished_at", TaskResult::finishedAt),
    ETA("eta", TaskResult::eta);

    private final String sql;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a method of an immutable record
    private final Function<TaskResult, @Nullable Instant> value;

    TimeColumn(String sql, Function<TaskResult, @Nullable Instant> value) {
        this.sql = sql;
        this.value = value;
    }

    String sql() {
        return sql;
    }

    @Nullable
    Instant of(TaskResult result) {
        return value.apply(result);
    }
}
