package io.celeriac.resultsweb.action;

import io.celeriac.results.action.TaskAction;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.search.SearchException;

/** Shows actions. A search for arguments or errors tells of them, so it is shown only to callers who may read them. */
final class ActionViews {

    private static final String WITHHELD = "q, frozenQ: reading this needs " + Authority.TASK_PAYLOAD;

    private final TaskFields fields;

    ActionViews(TaskFields fields) {
        this.fields = fields;
    }

    ActionView of(TaskAction action, Caller caller) {
        var isShown = caller.may(Authority.TASK_PAYLOAD)
                || !needsPayload(action.order().frozenQ());
        return ActionView.of(action, isShown ? null : WITHHELD);
    }

    private boolean needsPayload(String frozenQ) {
        try {
            return VisibleTasks.needsPayload(
                    fields.condition(frozenQ, fields.catalogue().reparse(frozenQ)));
        } catch (SearchException e) { // written by another version
            return true;
        }
    }
}
