package io.celeriac.resultsweb.page;

import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.resultsweb.workflow.WorkflowController;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of workflows: the list, and one with its tree. */
@Page
class WorkflowPages {

    private static final int ROWS = 50;
    private static final List<TaskState> STATES =
            List.of(TaskState.PENDING, TaskState.STARTED, TaskState.SUCCESS, TaskState.FAILURE, TaskState.REVOKED);

    private final WorkflowController workflows;
    private final PageData data;

    WorkflowPages(WorkflowController workflows, PageData data) {
        this.workflows = workflows;
        this.data = data;
    }

    /** A filter that is left empty finds everything. */
    @GetMapping("/workflows")
    String list(
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String label,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller,
            Model model) {
        var asked = STATES.stream().filter(one -> one.name().equals(state)).findFirst();
        var parameters = new LinkedMultiValueMap<String, String>();
        var isLabel = label.indexOf(':') > 0;
        if (isLabel) {
            parameters.add("label", label);
        }
        var page = workflows.list(
                asked.map(Set::of).orElse(null), name.strip(), parameters, null, null, ROWS, cursor, caller);
        model.addAttribute("page", data.object(caller, page));
        model.addAttribute("states", STATES.stream().map(Enum::name).toList());
        model.addAttribute("state", asked.map(Enum::name).orElse(""));
        model.addAttribute("name", name);
        model.addAttribute("label", label);
        model.addAttribute("isLabelAtFault", !label.isBlank() && !isLabel);
        model.addAttribute("isAll", asked.isEmpty() && name.isBlank() && label.isBlank());
        model.addAttribute("cursor", cursor);
        return "celeriac/workflows/list";
    }

    /**
     * @param under path of the node that the tree begins with
     */
    @GetMapping("/workflows/{id}")
    String one(
            @PathVariable String id,
            @RequestParam(defaultValue = NodePath.ROOT) String under,
            Caller caller,
            Model model) {
        model.addAttribute("workflow", data.object(caller, workflows.one(id, caller)));
        model.addAttribute("tree", data.object(caller, workflows.tree(id, under, caller)));
        model.addAttribute("faults", data.list(caller, workflows.faults(id, caller)));
        model.addAttribute("under", under);
        model.addAttribute("isWhole", under.equals(NodePath.ROOT));
        return "celeriac/workflows/workflow";
    }
}
