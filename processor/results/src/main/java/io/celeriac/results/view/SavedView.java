package io.celeriac.results.view;

import java.time.Instant;

/**
 * A search under a name.
 *
 * @param owner name of the caller who sees it; empty for all
 * @param name unique among the views of its owner
 * @param title for people
 * @param q the search; relative times in it stay relative
 * @param version grows with each change, from 1
 * @param changedBy name of the caller who changed it last
 * @param changedAt when it was changed last
 */
public record SavedView(
        String owner, String name, String title, String q, long version, String changedBy, Instant changedAt) {

    /** The owner of views that all see. */
    public static final String SHARED = "";

    /** True when all see it. */
    public boolean isShared() {
        return owner.equals(SHARED);
    }
}
