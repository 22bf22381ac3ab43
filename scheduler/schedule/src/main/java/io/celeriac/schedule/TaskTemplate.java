package io.celeriac.schedule;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Task;
import io.celeriac.schedule.rule.InvalidScheduleException;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The task that each firing of a schedule emits.
 *
 * @param task name of the handler
 * @param args positional arguments; their texts may name the fire time, see {@link FireTimeText}
 * @param kwargs named arguments, likewise
 * @param queue where the task is sent
 * @param priority 0 to 9; null for the default
 * @param labels for search
 */
public record TaskTemplate(
        String task,
        List<JsonNode> args,
        Map<String, JsonNode> kwargs,
        String queue,
        @Nullable Integer priority,
        Map<String, String> labels) {

    public TaskTemplate {
        labels.forEach((name, value) -> {
            if (Objects.isNull(value)) {
                throw new InvalidScheduleException("labels." + name, "must be a text");
            }
        });
        try {
            TaskRules.queue(queue);
            var checked = builder(task, args, kwargs, priority, labels).build();
            args = checked.args();
            kwargs = checked.kwargs();
            labels = checked.labels();
            FireTimeText.check("args", args);
            FireTimeText.check("kwargs", kwargs.values());
        } catch (InvalidTaskException e) {
            throw new InvalidScheduleException(e.field(), e.rule());
        }
    }

    /** A task with positional arguments for the default queue. */
    public static TaskTemplate of(String task, @Nullable Object... args) {
        var nodes = Arrays.stream(args).map(TaskJson::tree).toList();
        return new TaskTemplate(task, nodes, Map.of(), TaskRules.DEFAULT_QUEUE, null, Map.of());
    }

    /** A template with the name, arguments, priority and labels of a task. */
    public static TaskTemplate of(String queue, Task task) {
        return new TaskTemplate(task.task(), task.args(), task.kwargs(), queue, task.priority(), task.labels());
    }

    /**
     * Begins the task of one firing.
     *
     * @param fireTime in the zone of the schedule, for arguments that name it
     * @throws InvalidTaskException when a format does not fit this fire time
     */
    Task.Builder begin(ZonedDateTime fireTime) {
        List<JsonNode> positional;
        Map<String, JsonNode> named;
        try {
            positional = FireTimeText.written(args, fireTime);
            named = FireTimeText.written(kwargs, fireTime);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new InvalidTaskException(
                    "", "a format of {fireTime} does not fit " + fireTime + ": " + e.getMessage());
        }
        return builder(task, positional, named, priority, labels);
    }

    private static Task.Builder builder(
            String task,
            List<JsonNode> args,
            Map<String, JsonNode> kwargs,
            @Nullable Integer priority,
            Map<String, String> labels) {
        return Task.named(task).args(args).kwargs(kwargs).priority(priority).labels(labels);
    }
}
