package io.celeriac.access.user;

/** Ends sessions. */
@FunctionalInterface
public interface SessionsOfUsers {

    /** Ends all sessions of a user, on all gateways. */
    void endAll(String userId);
}
