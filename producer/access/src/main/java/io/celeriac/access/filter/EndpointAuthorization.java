package io.celeriac.access.filter;

import io.celeriac.access.rule.Endpoint;
import io.celeriac.access.rule.Endpoints;
import io.celeriac.access.rule.KnownCaller;
import io.celeriac.access.rule.Requirement;
import io.celeriac.web.caller.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Decides each request by the table of {@link Endpoints}. */
final class EndpointAuthorization implements AuthorizationManager<RequestAuthorizationContext> {

    static final String EVERY_QUEUE = "*";

    private static final String QUEUE = "queue";

    /** Why a request is refused. */
    sealed interface Refusal {

        /** The table has no such endpoint. */
        record NoSuchEndpoint() implements Refusal {}

        /** Nobody knows who asks. */
        record NoCredentials() implements Refusal {}

        /** Only a person with a session may do so. */
        record NoSession() implements Refusal {}

        /** An authority is missing: for a queue, for some of all queues, or (null) for any queue. */
        record NoAuthority(String authority, @Nullable String queue) implements Refusal {}
    }

    @Override
    public AuthorizationDecision authorize(
            Supplier<? extends @Nullable Authentication> authentication, RequestAuthorizationContext context) {
        KnownCaller.note(context.getRequest(), authentication.get());
        return new AuthorizationDecision(refusal(context.getRequest()).isEmpty());
    }

    /** Why the request is refused; empty when it is not. */
    static Optional<Refusal> refusal(HttpServletRequest request) {
        var caller = KnownCaller.ofAny(request);
        var endpoint = Endpoints.find(request.getMethod(), path(request));
        if (endpoint.isEmpty()) {
            return Optional.of(
                    caller.kind() == Caller.Kind.ANONYMOUS
                            ? new Refusal.NoCredentials()
                            : new Refusal.NoSuchEndpoint());
        }
        var requirement = endpoint.get().requirement();
        if (requirement instanceof Requirement.Nothing) {
            return Optional.empty();
        }
        if (caller.kind() == Caller.Kind.ANONYMOUS) {
            return Optional.of(new Refusal.NoCredentials());
        }
        if (requirement instanceof Requirement.Session && caller.kind() != Caller.Kind.USER) {
            return Optional.of(new Refusal.NoSession());
        }
        return requirement instanceof Requirement.Needs needs
                ? missing(caller, needs, queue(endpoint.get(), request))
                : Optional.empty();
    }

    private static Optional<Refusal> missing(Caller caller, Requirement.Needs needs, @Nullable String queue) {
        if (!caller.may(needs.authority())) {
            return Optional.of(new Refusal.NoAuthority(needs.authority().word(), null));
        }
        if (needs.everywhere() && caller.queues() != null) {
            return Optional.of(new Refusal.NoAuthority(needs.authority().word(), EVERY_QUEUE));
        }
        return queue == null || caller.sees(queue)
                ? Optional.empty()
                : Optional.of(new Refusal.NoAuthority(needs.authority().word(), queue));
    }

    private static @Nullable String queue(Endpoint endpoint, HttpServletRequest request) {
        var match = endpoint.path().matchAndExtract(PathContainer.parsePath(path(request)));
        return match == null ? null : match.getUriVariables().get(QUEUE);
    }

    /** The path without its prefix, still percent-encoded. */
    static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
