package io.celeriac.results.materializer;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.table.Label;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Maps a {@link ResultChange} to columns. */
public final class ResultColumns {

    /** Columns of {@code task_result}. */
    public static final List<Column<ResultChange>> RESULT = List.of(
            of("id", TaskResult::id),
            of("task", TaskResult::task),
            of("queue", TaskResult::queue),
            of("state", result -> result.state().name()),
            of("attempt", TaskResult::attempt),
            of("revision", TaskResult::revision),
            of("args", result -> json(result.args())),
            of("kwargs", result -> json(result.kwargs())),
            of("arguments_omitted", TaskResult::argumentsOmitted),
            of("result", result -> json(result.result())),
            of("error_type", result -> error(result, TaskError::type)),
            of("error_message", result -> error(result, TaskError::message)),
            of("error_stack_trace", result -> error(result, TaskError::stackTrace)),
            of(
                    "reason",
                    result -> result.reason() == null ? null : result.reason().name()),
            of("progress", result -> json(result.progress())),
            of("worker", TaskResult::worker),
            of("record_partition", TaskResult::partition),
            of("record_offset", TaskResult::offset),
            of("task_key", TaskResult::key),
            of("priority", TaskResult::priority),
            of("labels", result -> json(result.labels())),
            of("parent_id", TaskResult::parentId),
            of("root_id", TaskResult::rootId),
            of("group_id", TaskResult::groupId),
            of("retry_of", TaskResult::retryOf),
            of("winner", TaskResult::winner),
            of("schedule_name", result -> firing(result, Firing::name)),
            of("schedule_fire_time", result -> firing(result, firing -> utc(firing.fireTime()))),
            new Column<>("submitted_at", ResultChange::submittedAt),
            new Column<>("run_at", ResultChange::runAt),
            of("eta", result -> utcOrNull(result.eta())),
            of("started_at", result -> utcOrNull(result.startedAt())),
            of("finished_at", result -> utcOrNull(result.finishedAt())),
            of("next_attempt_at", result -> utcOrNull(result.nextAttemptAt())),
            of("children", result -> json(result.children())));

    /** Columns of {@code task_attempt}. */
    static final List<Column<ResultChange>> ATTEMPT = List.of(
            of("task_id", TaskResult::id),
            of("attempt", TaskResult::attempt),
            of("state", result -> result.state().name()),
            of("revision", TaskResult::revision),
            of("worker", TaskResult::worker),
            of("started_at", result -> utcOrNull(result.startedAt())),
            new Column<>("finished_at", change -> utcOrNull(attemptFinishedAt(change))),
            of("next_attempt_at", result -> utcOrNull(result.nextAttemptAt())),
            of("error_type", result -> error(result, TaskError::type)),
            of("error_message", result -> error(result, TaskError::message)),
            of("error_stack_trace", result -> error(result, TaskError::stackTrace)),
            of("task", TaskResult::task),
            new Column<>("run_at", ResultChange::runAt),
            of("record_offset", TaskResult::offset),
            of(
                    "error_origin",
                    result -> ErrorOrigin.of(
                            result.error() == null ? null : result.error().stackTrace())));

    /** The first instant that the columns hold on MySQL and MariaDB, UTC. */
    public static final LocalDateTime EARLIEST = LocalDateTime.of(1000, 1, 1, 0, 0);

    /** The last instant that the columns hold on MySQL and MariaDB, UTC. */
    public static final LocalDateTime LATEST = LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000);

    private ResultColumns() {}

    public static List<String> names(List<Column<ResultChange>> columns) {
        return columns.stream().map(Column::name).toList();
    }

    /** The rows by which tasks are found by label; two names that are equal when clipped become one row. */
    static Stream<Label> labels(ResultChange change) {
        var id = change.result().id();
        var labels = new TreeMap<String, Label>();
        change.result()
                .labels()
                .forEach((name, value) -> labels.put(
                        Label.clipped(name),
                        new Label(id, Label.clipped(name), Label.clipped(value), change.submittedAt())));
        return labels.values().stream();
    }

    /**
     * An instant in the form of the columns: UTC, whatever the session's time zone is; truncated to microseconds.
     *
     * @throws IllegalArgumentException when the columns cannot hold it
     */
    public static LocalDateTime utc(Instant instant) {
        var utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        if (utc.isBefore(EARLIEST) || utc.isAfter(LATEST)) {
            throw new IllegalArgumentException("the columns hold the years 1000 to 9999, but not " + instant);
        }
        return utc;
    }

    static @Nullable LocalDateTime utcOrNull(@Nullable Instant instant) {
        return instant == null ? null : utc(instant);
    }

    private static Column<ResultChange> of(String name, Function<TaskResult, @Nullable Object> value) {
        return new Column<>(name, change -> value.apply(change.result()));
    }

    private static @Nullable Instant attemptFinishedAt(ResultChange change) {
        return change.result().state() == TaskState.RETRY
                ? change.at()
                : change.result().finishedAt();
    }

    private static @Nullable Object error(TaskResult result, Function<TaskError, @Nullable Object> part) {
        return result.error() == null ? null : part.apply(result.error());
    }

    private static @Nullable Object firing(TaskResult result, Function<Firing, @Nullable Object> part) {
        return result.schedule() == null ? null : part.apply(result.schedule());
    }

    private static @Nullable String json(@Nullable Object value) {
        if (value == null
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof List<?> list && list.isEmpty())) {
            return null;
        }
        return TaskJson.MAPPER.writeValueAsString(value);
    }
}
