package io.celeriac.access.passkey;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A passkey as its user sees it.
 *
 * @param id for REST; not the id that the authenticator gave it
 * @param name by its user
 * @param backedUp true when it exists on several devices
 * @param usedAt the last sign-in; null for none
 */
record Passkey(
        String id,
        String name,
        boolean backedUp,
        Instant createdAt,
        @Nullable Instant usedAt) {}
