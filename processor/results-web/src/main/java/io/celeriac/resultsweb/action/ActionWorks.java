package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The work of each kind of actions. */
final class ActionWorks {

    private final Map<ActionKind, ActionWork<?>> works = new EnumMap<>(ActionKind.class);

    ActionWorks(List<ActionWork<?>> works) {
        works.forEach(work -> this.works.put(work.kind(), work));
    }

    /**
     * @throws IllegalArgumentException when this program has none of this kind
     */
    ActionWork<?> of(ActionKind kind) {
        var work = works.get(kind);
        if (work == null) {
            throw new IllegalArgumentException("nothing here does " + kind.word());
        }
        return work;
    }
}
