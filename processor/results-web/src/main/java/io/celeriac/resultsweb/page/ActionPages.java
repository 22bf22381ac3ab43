package io.celeriac.resultsweb.page;

import io.celeriac.resultsweb.action.ActionController;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of bulk actions: the list, and one with its progress. */
@Page
class ActionPages {

    private static final int ROWS = 50;

    private final ActionController actions;
    private final PageData data;

    ActionPages(ActionController actions, PageData data) {
        this.actions = actions;
        this.data = data;
    }

    @GetMapping("/actions")
    String list(@RequestParam(required = false) @Nullable String cursor, Caller caller, Model model) {
        model.addAttribute("page", data.object(caller, actions.list(ROWS, cursor, caller)));
        model.addAttribute("cursor", cursor);
        return "celeriac/actions/list";
    }

    @GetMapping("/actions/{id}")
    String one(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(defaultValue = "") String after,
            Caller caller,
            Model model) {
        model.addAttribute("action", data.object(caller, actions.one(id, caller)));
        model.addAttribute("items", data.object(caller, actions.items(id, outcome, ROWS, after, caller)));
        model.addAttribute("outcome", outcome);
        model.addAttribute("after", after);
        return "celeriac/actions/action";
    }
}
