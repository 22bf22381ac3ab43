package io.celeriac.web.page;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the navigation. Each module adds those of its pages as beans.
 *
 * @param order among all entries; from {@value #SECOND_GROUP} on, it stands in the second group
 * @param path without the context path, such as {@code /tasks}
 * @param name key of its name in the message bundles, such as {@code place.tasks}
 * @param icon its name in the sprite
 * @param key that opens it after {@code g}; null for none
 * @param authority that a caller needs to see it; null for none
 * @param everywhere true when the authority must not be narrowed to queues
 */
public record Place(
        int order,
        String path,
        String name,
        String icon,
        @Nullable Character key,
        @Nullable Authority authority,
        boolean everywhere) {

    /** The lowest order of the second group. */
    public static final int SECOND_GROUP = 100;

    /** Whether the caller may open it. */
    public boolean isFor(Caller caller) {
        return authority == null || (everywhere ? caller.mayOnAll(authority) : caller.may(authority));
    }

    /** Whether a page of this path belongs to it. */
    public boolean holds(String page) {
        return path.equals("/") ? page.equals("/") : page.equals(path) || page.startsWith(path + "/");
    }
}
