package io.celeriac.resultsweb.page;

import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.resultsweb.search.TaskSearchController;
import io.celeriac.resultsweb.task.TaskController;
import io.celeriac.resultsweb.task.TaskCountController;
import io.celeriac.resultsweb.task.TaskList;
import io.celeriac.resultsweb.task.TaskListController;
import io.celeriac.resultsweb.view.Views;
import io.celeriac.resultsweb.workflow.WorkflowController;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Fields;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import io.celeriac.web.problem.ProblemWords;
import io.celeriac.web.search.SearchException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;

/** The pages of tasks: the list with its search, and one task. */
@Page
class TaskPages {

    private static final int ROWS = 50;
    private static final Duration DAY = Duration.ofDays(1);

    /** A page does not wait longer for the last attempt of a task: its row may have been refused. */
    private static final Duration MATERIALIZED_WITHIN = Duration.ofMinutes(1);

    private final TaskController task;
    private final TaskListController list;
    private final TaskSearchController searches;
    private final TaskCountController counts;
    private final Views views;
    private final WorkflowController workflows;
    private final InstantSource clock;
    private final PageData data;

    TaskPages(
            TaskController task,
            TaskListController list,
            TaskSearchController searches,
            TaskCountController counts,
            Views views,
            WorkflowController workflows,
            InstantSource clock,
            PageData data) {
        this.task = task;
        this.list = list;
        this.searches = searches;
        this.counts = counts;
        this.views = views;
        this.workflows = workflows;
        this.clock = clock;
        this.data = data;
    }

    /**
     * A search that cannot be read is shown with its fault, and finds nothing.
     *
     * @param columns chosen by the reader now; the browser keeps them, and is sent to the page without them
     */
    @GetMapping("/tasks")
    String tasks(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable List<String> columns,
            Caller caller,
            Locale language,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (columns != null) {
            var cookie = TaskColumns.of(columns).cookie(request.getContextPath());
            response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
            return "redirect:" + list(q);
        }
        model.addAttribute("q", q);
        model.addAttribute("cursor", cursor);
        model.addAttribute("columns", TaskColumns.of(request));
        var all = data.list(caller, views.all(caller));
        model.addAttribute("views", all);
        model.addAttribute(
                "view",
                all.stream().filter(view -> q.equals(view.get("q"))).findFirst().orElse(null));
        try {
            model.addAttribute("terms", SearchTerms.of(q));
            model.addAttribute("explanation", data.object(Caller.OPEN, searches.explain(q)));
            model.addAttribute("page", data.object(caller, find(q, cursor, caller)));
        } catch (SearchException e) {
            model.addAttribute("fault", ProblemWords.of(language).say(String.valueOf(e.getMessage())));
            model.addAttribute("caret", e.caret());
        }
        return "celeriac/tasks/list";
    }

    private static String list(String q) {
        var path = UriComponentsBuilder.fromPath("/tasks");
        return q.isEmpty()
                ? path.toUriString()
                : path.queryParam("q", "{q}").encode().buildAndExpand(q).toUriString();
    }

    private TaskList find(String q, @Nullable String cursor, Caller caller) {
        return list.list(
                        q,
                        null,
                        null,
                        null,
                        null,
                        new LinkedMultiValueMap<>(),
                        null,
                        null,
                        null,
                        null,
                        ROWS,
                        cursor,
                        caller)
                .join(); // complete, as it waits for no receipt
    }

    /** A workflow is a task, too, and has a page of its own. */
    @GetMapping("/tasks/{id}")
    String task(@PathVariable String id, Caller caller, HttpServletRequest request, Model model) {
        var found = data.object(caller, task.result(id, null, null, caller).join()); // complete, as it does not wait
        var root = found.get("rootId") instanceof String rootId ? rootId : id;
        if (Workflow.QUEUE.equals(found.get("queue"))) {
            return "redirect:"
                    + UriComponentsBuilder.fromPath("/workflows/{id}")
                            .encode()
                            .buildAndExpand(root)
                            .toUriString();
        }
        var attempts = data.list(caller, list.attempts(id));
        model.addAttribute(
                "workflow",
                root.equals(id)
                        ? null
                        : workflows
                                .find(root, caller)
                                .map(workflow -> data.object(caller, workflow))
                                .orElse(null));
        model.addAttribute("task", found);
        model.addAttribute("attempts", attempts);
        model.addAttribute("isSettled", isSettled(found, attempts, clock.instant()));
        model.addAttribute("retries", data.list(caller, list.retries(id, caller)));
        model.addAttribute("children", data.list(caller, list.children(id, caller)));
        model.addAttribute("life", LifeLine.of(found, attempts));
        model.addAttribute("mayReadPayload", caller.may(Authority.TASK_PAYLOAD));
        model.addAttribute("lines", lines(found));
        model.addAttribute("others", others(found, caller));
        model.addAttribute("curl", CallTexts.curl(found, address(request)));
        model.addAttribute("java", CallTexts.java(found));
        return "celeriac/tasks/task";
    }

    /**
     * Whether a page shows all that will ever be known of a task. The state comes from the topic, and the attempts come from the tables a
     * moment later.
     */
    static boolean isSettled(Fields task, List<Fields> attempts, Instant now) {
        if (!(task.get("finishedAt") instanceof String finishedAt)) {
            return false;
        }
        return task.get("startedAt") == null
                || Instant.parse(finishedAt).plus(MATERIALIZED_WITHIN).isBefore(now)
                || attempts.stream()
                        .anyMatch(attempt ->
                                String.valueOf(attempt.get("attempt")).equals(String.valueOf(task.get("attempt")))
                                        && Objects.equals(attempt.get("state"), task.get("state")));
    }

    private static String address(HttpServletRequest request) {
        return ServletUriComponentsBuilder.fromContextPath(request).build().toUriString();
    }

    /**
     * How many other tasks failed in the same way within a day; null for a task that has not failed. The counters have it in the minute
     * after it failed, at the latest.
     */
    private @Nullable Long others(Fields task, Caller caller) {
        if (!TaskState.FAILURE.name().equals(task.get("state"))
                || !(task.get("error") instanceof Fields error)
                || !(error.get("type") instanceof String type)) {
            return null;
        }
        var all = counts.recentlyFailed(DAY, caller.queues(), String.valueOf(task.get("task")), type);
        return Math.max(0, endedWithin(task) ? all - 1 : all);
    }

    private boolean endedWithin(Fields task) {
        var finishedAt = task.get("finishedAt");
        var endedAt = finishedAt != null ? finishedAt : task.get("submittedAt");
        return endedAt != null
                && !Instant.parse(String.valueOf(endedAt))
                        .isBefore(clock.instant().minus(DAY).truncatedTo(ChronoUnit.MINUTES));
    }

    /** The lines of the stack trace, so that a page can tell frames from causes. */
    private static List<String> lines(Fields task) {
        return task.get("error") instanceof Fields error && error.get("stackTrace") instanceof String trace
                ? trace.lines().toList()
                : List.of();
    }
}
