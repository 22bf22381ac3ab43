package io.celeriac.web.page;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What every page knows of its reader and of the installation.
 *
 * @param base the context path, without a slash at the end
 * @param path of the page, without the context path
 * @param query of the page's address; empty for none
 * @param caller who reads
 * @param places that the reader may open, in order
 * @param installation its name, shown under the product's; empty for none
 * @param token against forged requests; null when none is needed
 * @param languages that a reader may choose, the present one first
 * @param zone of the times on the page
 * @param assets the address of an asset, by its name
 */
public record Frame(
        String base,
        String path,
        String query,
        Caller caller,
        List<Place> places,
        String installation,
        @Nullable String token,
        List<Locale> languages,
        String zone,
        UnaryOperator<String> assets) {

    /** The address of an asset, such as {@code celeriac.css}. */
    public String asset(String name) {
        return assets.apply(name);
    }

    /** The address of a path of this program. */
    public String at(String place) {
        return base + place;
    }

    /** Whether an entry of the navigation is the page's: of several that hold the page, the one with the longest path. */
    public boolean isAt(Place place) {
        return place.holds(path)
                && places.stream()
                        .filter(one -> one.holds(path))
                        .noneMatch(one -> one.path().length() > place.path().length());
    }

    /** The entries of one group. */
    public List<Place> group(boolean second) {
        return places.stream()
                .filter(place -> (place.order() >= Place.SECOND_GROUP) == second)
                .toList();
    }

    /**
     * Whether the reader may do so for at least one queue.
     *
     * @param authority its word, such as {@code task:retry}
     */
    public boolean may(String authority) {
        return Authority.of(authority).filter(caller::may).isPresent();
    }

    /** Whether the reader may do so for all queues. */
    public boolean mayOnAll(String authority) {
        return Authority.of(authority).filter(caller::mayOnAll).isPresent();
    }

    /** Whether the reader may do so for this queue. */
    public boolean mayOn(String authority, String queue) {
        return Authority.of(authority).filter(one -> caller.mayOn(one, queue)).isPresent();
    }

    /** True where access control is off. */
    public boolean isOpen() {
        return caller.kind() == Caller.Kind.OPEN;
    }

    /** The language of the page. */
    public Locale language() {
        return languages.get(0);
    }

    /** The other language. */
    public Locale otherLanguage() {
        return languages.get(languages.size() - 1);
    }
}
