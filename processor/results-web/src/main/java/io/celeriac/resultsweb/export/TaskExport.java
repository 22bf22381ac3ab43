package io.celeriac.resultsweb.export;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskPage;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.PayloadMask;
import io.celeriac.web.load.Searches;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads all tasks that a search finds, newest submission first, page by page. Memory holds one page.
 *
 * <p>A file is bounded by a number of tasks and by time. It always says at its end whether it has all tasks.
 */
final class TaskExport {

    /** Most tasks in a file. */
    static final int MOST = 100_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Logger LOG = LoggerFactory.getLogger(TaskExport.class);

    private final TaskResultRepository tasks;
    private final TaskFields fields;
    private final Searches searches;
    private final RedactionRules rules;
    private final JsonMapper json;

    TaskExport(
            TaskResultRepository tasks, TaskFields fields, Searches searches, RedactionRules rules, JsonMapper json) {
        this.tasks = tasks;
        this.fields = fields;
        this.searches = searches;
        this.rules = rules;
        this.json = json;
    }

    /**
     * Begins an export: reads the first page, so that what is wrong with the request is told before a file begins.
     *
     * @param q the search, with times relative to now
     * @throws io.celeriac.web.search.SearchException when the search cannot be read
     * @throws io.celeriac.web.problem.ProblemException when the caller may not search for this
     */
    Found find(String q, Caller caller) {
        var filter = TaskFilter.ALL.and(VisibleTasks.of(caller, "q", fields.condition(q)));
        return new Found(filter, page(filter, null), caller.may(Authority.TASK_PAYLOAD));
    }

    private TaskPage page(TaskFilter filter, @Nullable TaskCursor after) {
        return searches.run(() -> tasks.list(new TaskQuery(filter, TaskQuery.MAX_LIMIT, after)));
    }

    /** What a search finds, with its first page. */
    final class Found {

        private final TaskFilter filter;
        private final TaskPage first;
        private final boolean showsPayload;

        private Found(TaskFilter filter, TaskPage first, boolean showsPayload) {
            this.filter = filter;
            this.first = first;
            this.showsPayload = showsPayload;
        }

        /** Writes the whole file. */
        void write(TaskFile file) throws IOException {
            file.begin();
            file.end(writeItems(file));
        }

        /**
         * @return why the file does not have all tasks; null when it has
         */
        private @Nullable String writeItems(TaskFile file) throws IOException {
            var end = System.nanoTime() + PATIENCE.toNanos();
            var written = 0;
            var page = first;
            while (true) {
                for (var item : page.items()) {
                    if (written == MOST) {
                        return "a file has at most " + MOST + " tasks" + goOn(item);
                    }
                    file.add(shown(item));
                    written++;
                }
                if (page.next() == null) {
                    return null;
                }
                if (System.nanoTime() > end) {
                    return "the search took longer than " + PATIENCE.toMinutes() + " minutes; narrow it";
                }
                try {
                    page = page(filter, page.next());
                } catch (RuntimeException e) { // the answer has begun, so the file has to tell it
                    LOG.warn("an export broke off after {} tasks", written, e);
                    return "the search broke off after " + written + " tasks; the gateway's log says why";
                }
            }
        }

        private JsonNode shown(TaskResult item) {
            JsonNode tree = json.valueToTree(rules.redact(item));
            return showsPayload ? tree : PayloadMask.mask(tree);
        }
    }

    private static String goOn(TaskResult next) {
        return next.submittedAt() == null ? "" : "; add submitted:<=" + next.submittedAt() + " to the search to go on";
    }
}
