package io.celeriac.resultsweb.view;

import io.celeriac.results.view.SavedView;
import io.celeriac.results.view.ViewRepository;
import io.celeriac.web.caller.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds views by name: the caller's own first, then the shared one, then the one that is built in. */
public final class Views {

    private final ViewRepository repository;

    Views(ViewRepository repository) {
        this.repository = repository;
    }

    /** All that the caller sees: built in, shared and own. */
    public List<View> all(Caller caller) {
        var all = new ArrayList<>(View.BUILT_IN);
        repository.of(caller.name()).stream().map(View::of).forEach(all::add);
        return all;
    }

    /**
     * The view of a name.
     *
     * @param shared true: only the shared one; false: only the caller's own; null: the first there is
     */
    Optional<View> find(Caller caller, String name, @Nullable Boolean shared) {
        if (shared != null) {
            return saved(owner(caller, shared), name);
        }
        return saved(caller.name(), name)
                .or(() -> saved(SavedView.SHARED, name))
                .or(() -> View.builtIn(name));
    }

    static String owner(Caller caller, boolean shared) {
        return shared ? SavedView.SHARED : caller.name();
    }

    private Optional<View> saved(String owner, String name) {
        return repository.find(owner, name).map(View::of);
    }
}
