package io.celeriac.resultsweb.task;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.query.TaskPage;
import io.celeriac.web.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks.
 *
 * @param items newest submission first, redacted by the rules
 * @param cursor for the next page; null when this is the last
 * @param partial true: the search stopped at its bound before the page was full, and the cursor goes on from there
 */
public record TaskList(List<TaskResult> items, @Nullable String cursor, boolean partial) {

    static TaskList of(TaskPage page, RedactionRules rules) {
        var items = page.items().stream().map(rules::redact).toList();
        return new TaskList(items, page.next() == null ? null : page.next().toString(), page.partial());
    }

    static @Nullable TaskCursor cursor(@Nullable String text) {
        try {
            return text == null ? null : TaskCursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("cursor", "must be the cursor of a page before");
        }
    }
}
