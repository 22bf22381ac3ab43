package io.celeriac.access.filter;

import io.celeriac.access.rule.Endpoint;
import io.celeriac.access.rule.Endpoints;
import io.celeriac.access.rule.KnownCaller;
import io.celeriac.access.rule.Requirement;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.QueueOfTask;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Decides each request by the table of {@link Endpoints}. */
public final class EndpointAuthorization implements AuthorizationManager<RequestAuthorizationContext> {

    static final String EVERY_QUEUE = "*";

    private static final String REFUSAL = Refusal.class.getName();
    private static final String QUEUE = "queue";
    private static final String ID = "id";
    private static final String OF_A_TASK = "/api/tasks/{id}/";

    /** Why a request is refused. */
    sealed interface Refusal {

        /** The table has no such endpoint. */
        record NoSuchEndpoint() implements Refusal {}

        /** Nobody knows who asks. */
        record NoCredentials() implements Refusal {}

        /** Only a person with a session may do so. */
        record NoSession() implements Refusal {}

        /** The task is of another queue, or not known. */
        record NoSuchTask(String id) implements Refusal {}

        /** An authority is missing: for a queue, for some of all queues, or (null) for any queue. */
        record NoAuthority(String authority, @Nullable String queue) implements Refusal {}
    }

    private final Supplier<@Nullable QueueOfTask> queues;

    /**
     * @param queues supplies null where no results are stored
     */
    public EndpointAuthorization(Supplier<@Nullable QueueOfTask> queues) {
        this.queues = queues;
    }

    @Override
    public AuthorizationDecision authorize(
            Supplier<? extends @Nullable Authentication> authentication, RequestAuthorizationContext context) {
        var request = context.getRequest();
        KnownCaller.note(request, authentication.get());
        var refusal = refusal(request);
        refusal.ifPresent(reason -> request.setAttribute(REFUSAL, reason));
        return new AuthorizationDecision(refusal.isEmpty());
    }

    /** Why the request was refused. */
    static Refusal reason(HttpServletRequest request) {
        return request.getAttribute(REFUSAL) instanceof Refusal refusal ? refusal : new Refusal.NoSuchEndpoint();
    }

    private Optional<Refusal> refusal(HttpServletRequest request) {
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
        if (!(requirement instanceof Requirement.Needs needs)) {
            return Optional.empty();
        }
        var variables = variables(endpoint.get(), request);
        return missing(caller, needs, variables.get(QUEUE))
                .or(() -> isOfTask(endpoint.get()) ? invisible(caller, variables.get(ID)) : Optional.empty());
    }

    private static boolean isOfTask(Endpoint endpoint) {
        return endpoint.path().getPatternString().startsWith(OF_A_TASK);
    }

    /** A task that is not known is not seen either: nobody knows its queue. */
    private Optional<Refusal> invisible(Caller caller, @Nullable String id) {
        if (caller.queues() == null || id == null) {
            return Optional.empty();
        }
        var known = queues.get();
        var isSeen = known != null && known.find(id).filter(caller::sees).isPresent();
        return isSeen ? Optional.empty() : Optional.of(new Refusal.NoSuchTask(id));
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

    private static Map<String, String> variables(Endpoint endpoint, HttpServletRequest request) {
        var match = endpoint.path().matchAndExtract(PathContainer.parsePath(path(request)));
        return match == null ? Map.of() : match.getUriVariables();
    }

    /** The path without its prefix, still percent-encoded. */
    static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
