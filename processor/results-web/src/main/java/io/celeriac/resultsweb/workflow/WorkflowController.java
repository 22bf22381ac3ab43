package io.celeriac.resultsweb.workflow;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.workflow.NodeTask;
import io.celeriac.results.workflow.WorkflowFilter;
import io.celeriac.results.workflow.WorkflowRepository;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import io.celeriac.web.parameter.LabelParameter;
import io.celeriac.web.parameter.Parameters;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows workflows: the list, one, and its nodes. */
@RestController
@RequestMapping(path = "/api/workflows", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Workflows")
public class WorkflowController {

    private static final int MOST = 500;
    private static final int FAULTS = 3;

    private final WorkflowRepository workflows;
    private final WorkflowRights rights;
    private final WorkflowTrees trees;
    private final Searches searches;

    WorkflowController(WorkflowRepository workflows, WorkflowRights rights, WorkflowTrees trees, Searches searches) {
        this.workflows = workflows;
        this.rights = rights;
        this.trees = trees;
        this.searches = searches;
    }

    @GetMapping
    @Operation(
            summary = "List workflows",
            description =
                    "Newest submission first. All filters must hold. The cursor of a page leads to the next page, whatever was"
                            + " added meanwhile. A caller that is narrowed to queues sees the workflows whose queue is one of these.")
    @ApiResponse(responseCode = "200", description = "A page of workflows", useReturnTypeSchema = true)
    @LabelParameter.Documented
    public WorkflowList list(
            @Parameter(description = "Any of these") @RequestParam(required = false) @Nullable Set<TaskState> state,
            @Parameter(description = "Name of the workflow", example = "order.fulfil")
                    @RequestParam(required = false)
                    @Nullable
                    String name,
            @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
            @Parameter(description = "Submitted at this instant or later", example = "2026-01-31T12:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "Submitted before") @RequestParam(required = false) @Nullable String to,
            @Parameter(description = "1 to 500") @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        requireLimit(limit);
        var filter = new WorkflowFilter(
                Parameters.states(state),
                name == null || name.isEmpty() ? null : name,
                LabelParameter.of(parameters),
                Parameters.instant("from", from),
                Parameters.instant("to", to),
                caller.queues());
        var after = cursor(cursor);
        var page = searches.run(() -> workflows.list(filter, after, limit));
        return new WorkflowList(
                page.items().stream().map(WorkflowView::of).toList(),
                page.next() == null ? null : page.next().toString());
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MOST);
        }
    }

    private static @Nullable TaskCursor cursor(@Nullable String text) {
        try {
            return text == null ? null : TaskCursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("cursor", "must be the cursor of a page before");
        }
    }

    @GetMapping("/{id}")
    @Operation(
            summary = "Get a workflow",
            description =
                    "Its state and the numbers of its tasks. While it runs, they are a second old at most. The workflow is a task,"
                            + " too: GET /api/tasks/{id} with wait answers when it has ended, with its result.")
    @ApiResponse(responseCode = "200", description = "Its latest state", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "No such workflow, or not known yet", content = @Content)
    public WorkflowView one(@PathVariable String id, Caller caller) {
        return WorkflowView.of(rights.require(caller, id));
    }

    @GetMapping("/{id}/nodes")
    @Operation(
            summary = "List the nodes of a workflow",
            description =
                    "The node at a path and a page of its children, each with its state. Inner nodes count their children; tasks"
                            + " have the state of their latest run. Ask again with the path of a child for what is below it. A group whose"
                            + " members are not all on the page names the first that failed.")
    @ApiResponse(responseCode = "200", description = "The node and its children", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "No such workflow or node, or not known yet", content = @Content)
    public NodeList nodes(
            @PathVariable String id,
            @Parameter(description = "Path of the node: the root is 0, its second child 0.1", example = "0.1")
                    @RequestParam(defaultValue = NodePath.ROOT)
                    String under,
            @Parameter(description = "Children on a page, 1 to 500") @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        requireLimit(limit);
        NodePath.check("under", under);
        var from = index(cursor);
        var workflow = rights.require(caller, id);
        var node = searches.run(() -> trees.node(workflow, under, from, limit)).orElseThrow(() -> noNode(id, under));
        var next = from + node.nodes().size();
        var children = node.children() == null ? 0 : node.children();
        return new NodeList(node, next < children && !node.nodes().isEmpty() ? String.valueOf(next) : null);
    }

    /**
     * The tree for a page: a node with what is below it, of a bounded size.
     *
     * @throws ProblemException 404 when there is no such workflow or node, or the caller does not see it
     */
    public NodeView tree(String id, String under, Caller caller) {
        NodePath.check("under", under);
        var workflow = rights.require(caller, id);
        return searches.run(() -> trees.tree(workflow, under)).orElseThrow(() -> noNode(id, under));
    }

    /** The first tasks of a workflow that failed. */
    public List<NodeTask> faults(String id, Caller caller) {
        var workflow = rights.require(caller, id);
        return workflow.failed() == 0 ? List.of() : searches.run(() -> workflows.failedTasks(id, FAULTS));
    }

    /** The workflow of this id, if it is known and the caller sees it. */
    public Optional<WorkflowView> find(String id, Caller caller) {
        return workflows
                .find(id)
                .filter(workflow -> WorkflowRights.sees(caller, workflow))
                .map(WorkflowView::of);
    }

    private static ProblemException noNode(String id, String path) {
        return new ProblemException(
                HttpStatus.NOT_FOUND, "workflow " + id + " has no node " + path + ", or it is not known yet");
    }

    private static int index(@Nullable String cursor) {
        try {
            var index = cursor == null ? 0 : Integer.parseInt(cursor);
            if (index >= 0) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw new InvalidTaskException("cursor", "must be the cursor of a page before");
        }
        throw new InvalidTaskException("cursor", "must be the cursor of a page before");
    }
}
