package io.celeriac.resultsweb.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonValue;
import io.celeriac.results.view.SavedView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search under a name, as the API shows it.
 *
 * @param name in the address
 * @param title for people
 * @param q the search
 * @param kind who sees it
 * @param version grows with each change; null for a view that is built in
 * @param changedBy who changed it last; null for a view that is built in
 * @param changedAt when it was changed last; null for a view that is built in
 */
@JsonInclude(Include.NON_NULL)
public record View(
        String name,
        String title,
        String q,
        Kind kind,
        @Nullable Long version,
        @Nullable String changedBy,
        @Nullable Instant changedAt) {

    /** Who sees a view. */
    public enum Kind {
        /** Its owner. */
        PERSONAL,
        /** All. */
        SHARED,
        /** All; nobody changes it. */
        BUILT_IN;

        /** The word for it in the API. */
        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The views that every installation has. */
    static final List<View> BUILT_IN = List.of(
            builtIn("failing-now", "Failing now", "(state:FAILURE OR state:RETRY) since:1h"),
            builtIn("stuck", "Stuck", "state:STARTED started:<1h"),
            builtIn("late", "Late", "state:PENDING until:5m -eta:>0s"),
            builtIn("poison", "Crashed workers", "state:FAILURE error:PoisonPill"));

    private static View builtIn(String name, String title, String q) {
        return new View(name, title, q, Kind.BUILT_IN, null, null, null);
    }

    static Optional<View> builtIn(String name) {
        return BUILT_IN.stream().filter(view -> view.name().equals(name)).findFirst();
    }

    static View of(SavedView saved) {
        return new View(
                saved.name(),
                saved.title(),
                saved.q(),
                saved.isShared() ? Kind.SHARED : Kind.PERSONAL,
                saved.version(),
                saved.changedBy(),
                saved.changedAt());
    }

    /** The entity tag; a personal and a shared view of one name have different tags. */
    String tag() {
        return kind.word() + "-" + (version == null ? 0 : version);
    }
}
