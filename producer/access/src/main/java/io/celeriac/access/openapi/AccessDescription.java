package io.celeriac.access.openapi;

import io.celeriac.access.rule.Endpoints;
import io.celeriac.access.rule.Requirement;
import io.celeriac.access.session.SessionCsrf;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.http.ProblemDetail;

/** Adds to each operation what its caller needs, by the table of {@link Endpoints}, and the refusals that can occur. */
final class AccessDescription implements OpenApiCustomizer {

    static final String TOKEN = "token";
    static final String SESSION = "session";
    static final String CSRF = "csrf";

    private static final Set<HttpMethod> LOOK = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final String PROBLEM = "application/problem+json";
    private static final String PROBLEM_SCHEMA = ProblemDetail.class.getSimpleName();

    @Override
    public void customise(OpenAPI api) {
        var components = api.getComponents() == null ? new Components() : api.getComponents();
        api.components(components);
        schemes().forEach(components::addSecuritySchemes);
        if (components.getSchemas() == null || !components.getSchemas().containsKey(PROBLEM_SCHEMA)) {
            components.addSchemas(PROBLEM_SCHEMA, new Schema<>().type("object"));
        }
        if (api.getPaths() != null) {
            api.getPaths()
                    .forEach((path, item) ->
                            item.readOperationsMap().forEach((method, operation) -> describe(method, path, operation)));
        }
    }

    private static Map<String, SecurityScheme> schemes() {
        return Map.of(
                TOKEN,
                new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("cel_...")
                        .description("A program's token, from POST /api/tokens"),
                SESSION,
                new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.COOKIE)
                        .name(SessionCsrf.COOKIE)
                        .description("A person's session, from POST /api/session"),
                CSRF,
                new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.HEADER)
                        .name(SessionCsrf.HEADER)
                        .description("What a change by a session needs too; GET /api/session has its value"));
    }

    private static void describe(HttpMethod method, String path, Operation operation) {
        var requirement = Endpoints.find(method.name(), path)
                .orElseThrow(() -> new IllegalStateException("the table has no row for " + method + " " + path))
                .requirement();
        var isChange = !LOOK.contains(method);
        operation.setSecurity(security(requirement, isChange));
        if (requirement instanceof Requirement.Nothing) {
            answer(
                    operation,
                    "401",
                    "A token was sent that is not good",
                    "the token is not known, was revoked, or has expired");
            return;
        }
        var sentence = sentence(requirement, path);
        var before = operation.getDescription();
        operation.setDescription(before == null || before.isBlank() ? sentence : before + "\n\n" + sentence);
        answer(
                operation,
                "401",
                "No credentials, or a token that is not good",
                "this call needs credentials: a session, or a token as Authorization: Bearer cel_...");
        if (isChange || !(requirement instanceof Requirement.Credentials)) {
            answer(operation, "403", refusal(requirement, isChange), example(requirement));
        }
    }

    private static List<SecurityRequirement> security(Requirement requirement, boolean isChange) {
        var session = new SecurityRequirement().addList(SESSION);
        if (isChange) {
            session.addList(CSRF);
        }
        if (requirement instanceof Requirement.Nothing) {
            return List.of();
        }
        return requirement instanceof Requirement.Session
                ? List.of(session)
                : List.of(new SecurityRequirement().addList(TOKEN), session);
    }

    private static String sentence(Requirement requirement, String path) {
        if (requirement instanceof Requirement.Needs needs) {
            var scope = needs.everywhere() ? " for all queues" : path.contains("{queue}") ? " for the queue" : "";
            return "Needs `" + needs.authority() + "`" + scope + ".";
        }
        return requirement instanceof Requirement.Session
                ? "Needs a session: it is for people, not for programs."
                : "Needs credentials, of whatever authority.";
    }

    private static String refusal(Requirement requirement, boolean isChange) {
        var missing = requirement instanceof Requirement.Needs
                ? "The authority is not granted, or not for this queue"
                : "The caller is no person with a session";
        return isChange ? missing + "; or a session's change without " + SessionCsrf.HEADER : missing;
    }

    private static String example(Requirement requirement) {
        return requirement instanceof Requirement.Needs needs
                ? "this call needs " + needs.authority()
                : "only a person with a session may call this";
    }

    /** Adds an answer, unless the operation tells of it itself. */
    private static void answer(Operation operation, String status, String description, String detail) {
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        operation
                .getResponses()
                .computeIfAbsent(
                        status,
                        key -> new ApiResponse()
                                .description(description)
                                .content(new Content()
                                        .addMediaType(
                                                PROBLEM,
                                                new MediaType()
                                                        .schema(new Schema<>()
                                                                .$ref("#/components/schemas/" + PROBLEM_SCHEMA))
                                                        .example(Map.of(
                                                                "status", Integer.valueOf(key), "detail", detail)))));
    }
}
