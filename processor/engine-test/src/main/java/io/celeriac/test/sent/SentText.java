package io.celeriac.test.sent;

import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Shows sent tasks in messages, a line each. */
final class SentText {

    private static final int MOST_TASKS = 50;
    private static final int MOST_VALUE = 200;

    private SentText() {}

    static String of(List<SentTask> tasks) {
        if (tasks.isEmpty()) {
            return "nothing";
        }
        var more = tasks.size() > MOST_TASKS ? "\n  and " + (tasks.size() - MOST_TASKS) + " more" : "";
        return tasks.stream().limit(MOST_TASKS).map(SentText::of).collect(Collectors.joining("\n  ", "\n  ", more));
    }

    static String of(SentTask sent) {
        var text = new StringBuilder(sent.name())
                .append('(')
                .append(arguments(sent.task()))
                .append(") on ")
                .append(sent.queue());
        options(sent, text);
        return text.toString();
    }

    private static String arguments(Task task) {
        var positional = task.args().stream().map(SentText::value);
        var named = task.kwargs().entrySet().stream().map(arg -> arg.getKey() + "=" + value(arg.getValue()));
        return Stream.concat(positional, named).collect(Collectors.joining(", "));
    }

    private static void options(SentTask sent, StringBuilder text) {
        var task = sent.task();
        if (task.eta() != null) {
            text.append(", after ").append(Duration.between(sent.at(), task.eta()));
        }
        if (task.expires() != null) {
            text.append(", expires after ").append(Duration.between(sent.at(), task.expires()));
        }
        if (task.key() != null) {
            text.append(", key ").append(task.key());
        }
        if (task.priority() != null) {
            text.append(", priority ").append(task.priority());
        }
        if (!task.labels().isEmpty()) {
            text.append(", labels ").append(task.labels());
        }
        if (!sent.headers().isEmpty()) {
            text.append(", headers ").append(sent.headers());
        }
        if (task.parentId() != null) {
            text.append(", emitted by ").append(task.parentId());
        }
    }

    private static String value(JsonNode value) {
        var json = value.toString();
        return json.length() > MOST_VALUE ? json.substring(0, MOST_VALUE) + "…" : json;
    }
}
