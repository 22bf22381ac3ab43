package io.celeriac.access.user;

import io.celeriac.access.grant.Grant;
import io.celeriac.web.caller.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person who may sign in.
 *
 * @param id never changes
 * @param name unique; what the person signs in with
 * @param password encoded; null when the user has none
 * @param grant what the user may do
 * @param enabled false: the user cannot sign in
 * @param createdBy name of the user; null for the first one
 * @param signedInAt null when that has not happened yet
 * @param identity at the issuer by which the user signs in; null for a user of this installation
 * @param sessionsVersion grows when all sessions of the user end; sessions of older versions are not taken
 */
public record User(
        String id,
        String name,
        @Nullable String password,
        Grant grant,
        boolean enabled,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant signedInAt,
        @Nullable OidcIdentity identity,
        long sessionsVersion) {

    /**
     * This user as the sender of requests.
     *
     * @param until when the session ends in any case
     */
    public Caller caller(Instant until) {
        return new Caller(name, Caller.Kind.USER, grant.effective(), grant.queues(), until);
    }

    /** Without the password, which has no place in a log. */
    @Override
    public String toString() {
        return "User " + name;
    }
}
