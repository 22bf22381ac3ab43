package io.celeriac.resultsweb.view;

import io.celeriac.results.view.SavedView;
import io.celeriac.results.view.ViewRepository;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.search.SearchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds views by name: the caller's own first, then the shared one, then the one that is built in. */
public final class Views {

    private final ViewRepository repository;
    private final TaskFields fields;

    Views(ViewRepository repository, TaskFields fields) {
        this.repository = repository;
        this.fields = fields;
    }

    /** All that the caller sees: built in, shared and own. */
    public List<View> all(Caller caller) {
        var all = new ArrayList<>(View.BUILT_IN);
        repository.of(caller.name()).stream()
                .map(View::of)
                .filter(view -> sees(caller, view))
                .forEach(all::add);
        return all;
    }

    /**
     * The view of a name.
     *
     * @param shared true: only the shared one; false: only the caller's own; null: the first there is
     */
    Optional<View> find(Caller caller, String name, @Nullable Boolean shared) {
        if (shared != null) {
            return saved(caller, owner(caller, shared), name);
        }
        return saved(caller, caller.name(), name)
                .or(() -> saved(caller, SavedView.SHARED, name))
                .or(() -> View.builtIn(name));
    }

    static String owner(Caller caller, boolean shared) {
        return shared ? SavedView.SHARED : caller.name();
    }

    private Optional<View> saved(Caller caller, String owner, String name) {
        return repository.find(owner, name).map(View::of).filter(view -> sees(caller, view));
    }

    /** A shared search tells of what it looks for, so only callers who may ask it see it. */
    private boolean sees(Caller caller, View view) {
        if (view.kind() != View.Kind.SHARED) {
            return true;
        }
        try {
            var search = fields.condition(view.q());
            return (caller.may(Authority.TASK_PAYLOAD) || !VisibleTasks.needsPayload(search))
                    && !VisibleTasks.namesAnotherQueue(caller, search);
        } catch (SearchException e) { // written by another version
            return caller.mayOnAll(Authority.TASK_PAYLOAD);
        }
    }
}
