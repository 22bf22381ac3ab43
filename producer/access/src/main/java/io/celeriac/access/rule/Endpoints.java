package io.celeriac.access.rule;

import static io.celeriac.web.caller.Authority.AUDIT_READ;
import static io.celeriac.web.caller.Authority.DEADLETTER_REPLAY;
import static io.celeriac.web.caller.Authority.METRICS_READ;
import static io.celeriac.web.caller.Authority.QUEUE_PAUSE;
import static io.celeriac.web.caller.Authority.QUEUE_PURGE;
import static io.celeriac.web.caller.Authority.SCHEDULE_READ;
import static io.celeriac.web.caller.Authority.SCHEDULE_RUN;
import static io.celeriac.web.caller.Authority.SCHEDULE_WRITE;
import static io.celeriac.web.caller.Authority.TASK_READ;
import static io.celeriac.web.caller.Authority.TASK_RETRY;
import static io.celeriac.web.caller.Authority.TASK_REVOKE;
import static io.celeriac.web.caller.Authority.TASK_SUBMIT;
import static io.celeriac.web.caller.Authority.USER_ADMIN;
import static io.celeriac.web.caller.Authority.WORKER_CONTROL;

import io.celeriac.web.caller.Authority;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;

/**
 * The table of all endpoints and what their callers need. A request without a row is refused.
 *
 * <p>Rows may name calls that this gateway does not have. A call that takes a queue or a task by other means than a {@code
 * {queue}} in its path checks the queue itself, by the caller.
 */
public final class Endpoints {

    private static final Requirement NOTHING = new Requirement.Nothing();
    private static final Requirement CREDENTIALS = new Requirement.Credentials();
    private static final Requirement SESSION = new Requirement.Session();

    /** All rows, those of one controller together. */
    public static final List<Endpoint> ALL = Stream.of(
                    console(),
                    pages(),
                    people(),
                    programs(),
                    tasks(),
                    workflows(),
                    actions(),
                    queuesAndWorkers(),
                    deadLetters(),
                    schedules())
            .flatMap(each -> each)
            .toList();

    private Endpoints() {}

    /** The pages of the console. They only read; what a reader changes there goes to the calls below. */
    private static Stream<Endpoint> console() {
        return Stream.of(
                get("/assets/{file}", NOTHING),
                get("/", CREDENTIALS),
                get("/tasks", needs(TASK_READ)).showingPayload(),
                get("/tasks/{id}", needs(TASK_READ)).showingPayload(),
                get("/workflows", needs(TASK_READ)).showingPayload(),
                get("/workflows/{id}", needs(TASK_READ)).showingPayload(),
                get("/send", needs(TASK_SUBMIT)),
                get("/queues", needs(TASK_READ)),
                get("/queues/{queue}", needs(TASK_READ)),
                get("/queues/{queue}/log", needs(TASK_READ)).showingPayload(),
                get("/workers", needs(TASK_READ)),
                get("/workers/{id}", needsEverywhere(TASK_READ)),
                get("/dead-letters", needs(TASK_READ)).showingPayload(),
                get("/dead-letters/{partition}/{offset}", needs(TASK_READ)).showingPayload(),
                get("/actions", needs(TASK_READ)),
                get("/actions/{id}", needs(TASK_READ)),
                get("/schedules", needs(SCHEDULE_READ)),
                get("/schedules/new", needs(SCHEDULE_WRITE)).showingPayload(), // of the schedule that is copied
                get("/schedules/{name}", needs(SCHEDULE_READ)).showingPayload(),
                get("/schedules/{name}/edit", needs(SCHEDULE_WRITE)).showingPayload(),
                get("/sign-in", NOTHING),
                get("/setup", NOTHING),
                get("/account", SESSION),
                get("/access", needs(USER_ADMIN)),
                get("/access/users", needs(USER_ADMIN)),
                get("/access/users/{name}", needs(USER_ADMIN)),
                get("/access/tokens", needs(USER_ADMIN)),
                get("/access/audit", needs(AUDIT_READ)),
                get("/access/audit/export", needs(AUDIT_READ)));
    }

    /** The description of the API is the same in every installation, so there is nothing to hide. */
    private static Stream<Endpoint> pages() {
        return Stream.of(
                get("/api", NOTHING),
                get("/api/openapi", NOTHING),
                get("/api/openapi.yaml", NOTHING),
                get("/api/openapi/swagger-config", NOTHING),
                get("/api/docs", NOTHING),
                get("/api/swagger-ui/{*file}", NOTHING),
                get("/actuator/health", NOTHING),
                get("/actuator/health/{*component}", NOTHING),
                get("/actuator", needs(METRICS_READ)),
                get("/actuator/prometheus", needs(METRICS_READ)),
                get("/actuator/metrics", needs(METRICS_READ)),
                get("/actuator/metrics/{*name}", needs(METRICS_READ)),
                get("/actuator/tasks/{id}", needsEverywhere(TASK_READ)), // of a worker
                get("/actuator/{*endpoint}", needs(USER_ADMIN))); // settings, dumps and what else somebody exposes
    }

    private static Stream<Endpoint> people() {
        return Stream.of(
                get("/api/session", NOTHING),
                post("/api/session", NOTHING),
                delete("/api/session", SESSION),
                get("/api/session/ways", NOTHING),
                get("/api/session/oidc", NOTHING),
                get("/api/session/oidc/callback", NOTHING),
                post("/api/session/passkey/options", NOTHING),
                post("/api/session/passkey", NOTHING),
                post("/api/setup", NOTHING),
                get("/api/me", CREDENTIALS),
                put("/api/me/password", SESSION),
                get("/api/me/sessions", SESSION),
                delete("/api/me/sessions", SESSION),
                delete("/api/me/sessions/{id}", SESSION),
                get("/api/me/passkeys", SESSION),
                post("/api/me/passkeys", SESSION),
                post("/api/me/passkeys/options", SESSION),
                put("/api/me/passkeys/{id}", SESSION),
                delete("/api/me/passkeys/{id}", SESSION));
    }

    private static Stream<Endpoint> programs() {
        return Stream.of(
                get("/api/users", needs(USER_ADMIN)),
                post("/api/users", needs(USER_ADMIN)),
                get("/api/users/{name}", needs(USER_ADMIN)),
                delete("/api/users/{name}", needs(USER_ADMIN)),
                put("/api/users/{name}/grant", needs(USER_ADMIN)),
                put("/api/users/{name}/password", needs(USER_ADMIN)),
                post("/api/users/{name}/enable", needs(USER_ADMIN)),
                post("/api/users/{name}/disable", needs(USER_ADMIN)),
                post("/api/users/{name}/sign-out", needs(USER_ADMIN)),
                get("/api/users/{name}/passkeys", needs(USER_ADMIN)),
                delete("/api/users/{name}/passkeys/{id}", needs(USER_ADMIN)),
                get("/api/tokens", needs(USER_ADMIN)),
                post("/api/tokens", needs(USER_ADMIN)),
                get("/api/tokens/{name}", needs(USER_ADMIN)),
                delete("/api/tokens/{name}", needs(USER_ADMIN)),
                get("/api/audit", needs(AUDIT_READ)),
                get("/api/audit/verify", needs(AUDIT_READ)));
    }

    private static Stream<Endpoint> tasks() {
        return Stream.of(
                post("/api/tasks", needs(TASK_SUBMIT)),
                post("/api/tasks/batch", needs(TASK_SUBMIT)),
                get("/api/tasks", needs(TASK_READ)).showingPayload(),
                get("/api/tasks/counts", needs(TASK_READ)),
                get("/api/tasks/failures", needs(TASK_READ)),
                get("/api/tasks/complete", needs(TASK_READ)).showingPayload(),
                get("/api/tasks/explain", needs(TASK_READ)),
                get("/api/tasks/export", needs(TASK_READ)).showingPayload(),
                get("/api/tasks/events", needs(TASK_READ)).showingPayload(),
                get("/api/tasks/{id}", needs(TASK_READ)).showingPayload(),
                get("/api/tasks/{id}/attempts", needs(TASK_READ)).showingPayload(),
                get("/api/tasks/{id}/children", needs(TASK_READ)).showingPayload(),
                get("/api/tasks/{id}/retries", needs(TASK_READ)).showingPayload(),
                post("/api/tasks/revoke", needs(TASK_REVOKE)),
                post("/api/tasks/retry", needs(TASK_RETRY)),
                post("/api/tasks/{id}/revoke", needs(TASK_REVOKE)),
                post("/api/tasks/{id}/terminate", needs(TASK_REVOKE)),
                post("/api/tasks/{id}/retry", needs(TASK_RETRY)),
                get("/api/stats", needs(TASK_READ)),
                get("/api/stats/{*of}", needs(TASK_READ)));
    }

    /** A call about one workflow checks the queues of its tasks itself. */
    private static Stream<Endpoint> workflows() {
        return Stream.of(
                get("/api/workflows", needs(TASK_READ)).showingPayload(),
                post("/api/workflows", needs(TASK_SUBMIT)),
                get("/api/workflows/{id}", needs(TASK_READ)).showingPayload(),
                get("/api/workflows/{id}/nodes", needs(TASK_READ)).showingPayload(),
                post("/api/workflows/{id}/append", needs(TASK_SUBMIT)),
                post("/api/workflows/{id}/complete", needs(TASK_SUBMIT)),
                post("/api/workflows/{id}/revoke", needs(TASK_REVOKE)),
                post("/api/workflows/{id}/retry", needs(TASK_RETRY)));
    }

    /** What an action does decides which more authorities it needs; its controller checks these. It keeps to the queues of its caller. */
    private static Stream<Endpoint> actions() {
        return Stream.of(
                get("/api/actions", needs(TASK_READ)),
                post("/api/actions", needs(TASK_READ)),
                get("/api/actions/{id}", needs(TASK_READ)),
                get("/api/actions/{id}/{*part}", needs(TASK_READ)),
                post("/api/actions/{id}/abort", needs(TASK_READ)),
                get("/api/views", needs(TASK_READ)),
                get("/api/views/{name}", needs(TASK_READ)),
                get("/api/views/{name}/count", needs(TASK_READ)),
                put("/api/views/{name}", needs(TASK_READ)),
                delete("/api/views/{name}", needs(TASK_READ)));
    }

    private static Stream<Endpoint> queuesAndWorkers() {
        return Stream.of(
                get("/api/queues", needs(TASK_READ)),
                get("/api/queues/{queue}", needs(TASK_READ)),
                get("/api/queues/{queue}/scale", needs(TASK_READ)),
                get("/api/queues/{queue}/peek", needs(TASK_READ)).showingPayload(),
                post("/api/queues/{queue}/pause", needs(QUEUE_PAUSE)),
                post("/api/queues/{queue}/resume", needs(QUEUE_PAUSE)),
                post("/api/queues/{queue}/purge", needs(QUEUE_PURGE)),
                get("/api/queues/{queue}/limits", needs(TASK_READ)),
                put("/api/queues/{queue}/limits", needs(WORKER_CONTROL)),
                delete("/api/queues/{queue}/limits", needs(WORKER_CONTROL)),
                get("/api/handlers", needs(TASK_READ)),
                get("/api/handlers/{task}/limits", needsEverywhere(TASK_READ)),
                put("/api/handlers/{task}/limits", needs(WORKER_CONTROL)),
                delete("/api/handlers/{task}/limits", needs(WORKER_CONTROL)),
                get("/api/workers", needs(TASK_READ)),
                get("/api/workers/{id}", needs(TASK_READ)),
                get("/api/workers/{id}/limits", needsEverywhere(TASK_READ)),
                put("/api/workers/{id}/limits", needs(WORKER_CONTROL)),
                delete("/api/workers/{id}/limits", needs(WORKER_CONTROL)),
                post("/api/workers/{id}/drain", needs(WORKER_CONTROL)),
                post("/api/workers/{id}/resume", needs(WORKER_CONTROL)));
    }

    private static Stream<Endpoint> deadLetters() {
        return Stream.of(
                get("/api/dead-letters", needs(TASK_READ)).showingPayload(),
                get("/api/dead-letters/{partition}/{offset}", needs(TASK_READ)).showingPayload(),
                post("/api/dead-letters/{partition}/{offset}/replay", needs(DEADLETTER_REPLAY)));
    }

    private static Stream<Endpoint> schedules() {
        return Stream.of(
                get("/api/schedules", needs(SCHEDULE_READ)).showingPayload(),
                post("/api/schedules", needs(SCHEDULE_WRITE)),
                post("/api/schedules/preview", needs(SCHEDULE_READ)),
                get("/api/schedules/{name}", needs(SCHEDULE_READ)).showingPayload(),
                put("/api/schedules/{name}", needs(SCHEDULE_WRITE)),
                delete("/api/schedules/{name}", needs(SCHEDULE_WRITE)),
                post("/api/schedules/{name}/pause", needs(SCHEDULE_WRITE)),
                post("/api/schedules/{name}/resume", needs(SCHEDULE_WRITE)),
                get("/api/schedules/{name}/firings", needs(SCHEDULE_READ)),
                post("/api/schedules/{name}/fire", needs(SCHEDULE_RUN)),
                get("/api/schedules/{name}/backfill", needs(SCHEDULE_READ)),
                post("/api/schedules/{name}/backfill", needs(SCHEDULE_RUN)),
                get("/api/schedules/{name}/backfills", needs(SCHEDULE_READ)),
                get("/api/schedules/{name}/backfills/{id}", needs(SCHEDULE_READ)),
                post("/api/schedules/{name}/backfills/{id}/cancel", needs(SCHEDULE_RUN)),
                get("/api/schedule-declarations", needsEverywhere(SCHEDULE_READ)));
    }

    private static Endpoint get(String path, Requirement requirement) {
        return Endpoint.of("GET", path, requirement);
    }

    private static Endpoint post(String path, Requirement requirement) {
        return Endpoint.of("POST", path, requirement);
    }

    private static Endpoint put(String path, Requirement requirement) {
        return Endpoint.of("PUT", path, requirement);
    }

    private static Endpoint delete(String path, Requirement requirement) {
        return Endpoint.of("DELETE", path, requirement);
    }

    private static Requirement needs(Authority authority) {
        return new Requirement.Needs(authority, false);
    }

    /** For answers that concern all queues and cannot be narrowed. */
    private static Requirement needsEverywhere(Authority authority) {
        return new Requirement.Needs(authority, true);
    }

    /**
     * The row of a request: of those that fit, the one with the most specific path.
     *
     * @param path without the context path
     */
    public static Optional<Endpoint> find(String method, String path) {
        var asked = PathContainer.parsePath(path);
        return ALL.stream()
                .filter(endpoint -> endpoint.isFor(method) && endpoint.path().matches(asked))
                .min(Comparator.comparing(Endpoint::path));
    }
}
