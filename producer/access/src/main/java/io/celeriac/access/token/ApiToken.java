package io.celeriac.access.token;

import io.celeriac.access.grant.Grant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is stored: everything but its text.
 *
 * @param id never changes
 * @param name unique among tokens
 * @param grant what it may do
 * @param createdBy name of the user; null when nobody is known
 * @param expiresAt null when it does not expire
 * @param usedAt last use, to the minute; null when it was never used
 * @param outlivesCreator false: it stops when the user who made it is disabled or deleted
 */
record ApiToken(
        String id,
        String name,
        Grant grant,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant usedAt,
        boolean outlivesCreator) {

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
