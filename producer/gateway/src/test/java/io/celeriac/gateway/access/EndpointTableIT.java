package io.celeriac.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.celeriac.access.grant.Role;
import io.celeriac.access.rule.Endpoint;
import io.celeriac.access.rule.Endpoints;
import io.celeriac.access.rule.Requirement;
import io.celeriac.web.caller.Authority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Every endpoint of the program, and every row of the table for every sort of caller. */
class EndpointTableIT {

    private static final Set<String> LOOK = Set.of("GET", "HEAD");
    private static SecuredGateway gateway;
    private static final Map<String, Client> CLIENTS = new HashMap<>();

    /** A sort of caller: what it has, and whether it is a person. */
    private record Sort(String name, Set<Authority> authorities, boolean isPerson, boolean seesMail) {

        boolean isNarrowed() {
            return name.equals("narrowed") || name.equals("foreign");
        }
    }

    private static final List<Sort> SORTS = List.of(
            new Sort("anonymous", Set.of(), false, false),
            new Sort("viewer", Role.VIEWER.authorities(), false, true),
            new Sort("operator", Role.OPERATOR.authorities(), false, true),
            new Sort("admin", Role.ADMIN.authorities(), true, true),
            new Sort("narrowed", narrowed(), false, true),
            new Sort("foreign", narrowed(), false, false));

    /** An operator of one queue. */
    private static Set<Authority> narrowed() {
        return Role.OPERATOR.authorities().stream()
                .filter(Authority::concernsQueue)
                .collect(java.util.stream.Collectors.toSet());
    }

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start();
        CLIENTS.put("anonymous", gateway.nobody());
        CLIENTS.put("viewer", gateway.program("viewer", "\"role\":\"viewer\""));
        CLIENTS.put("operator", gateway.program("operator", "\"role\":\"operator\""));
        CLIENTS.put("admin", gateway.admin());
        CLIENTS.put("narrowed", gateway.program("narrowed", "\"role\":\"operator\",\"queues\":[\"mail\"]"));
        CLIENTS.put("foreign", gateway.program("foreign", "\"role\":\"operator\",\"queues\":[\"reports\"]"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void hasARowForEachEndpointOfTheProgram() {
        var missing = new ArrayList<String>();
        for (var mapping : gateway.program()
                .getBeansOfType(RequestMappingInfoHandlerMapping.class)
                .values()) {
            for (var info : mapping.getHandlerMethods().keySet()) {
                endpoints(info)
                        .filter(endpoint -> Endpoints.ALL.stream().noneMatch(row -> fits(row, endpoint)))
                        .forEach(missing::add);
            }
        }

        assertThat(missing).isEmpty();
    }

    private static Stream<String> endpoints(RequestMappingInfo info) {
        var methods =
                info.getMethodsCondition().getMethods().stream().map(Enum::name).toList();
        return info.getPatternValues().stream()
                .filter(path -> !path.startsWith("/error")) // never called from outside: the filters answer before
                .flatMap(path -> methods.isEmpty()
                        ? Stream.of("GET " + path)
                        : methods.stream().map(method -> method + " " + path));
    }

    /** The same pattern, or a row for all that is below. */
    private static boolean fits(Endpoint row, String endpoint) {
        var method = endpoint.substring(0, endpoint.indexOf(' '));
        var path = endpoint.substring(endpoint.indexOf(' ') + 1);
        var pattern = row.path().getPatternString();
        var below = pattern.contains("/{*") ? pattern.substring(0, pattern.indexOf("{*")) : null;
        return (row.method().equals(method) || (row.method().equals("GET") && method.equals("HEAD")))
                && (pattern.equals(path) || (below != null && path.startsWith(below)));
    }

    @Test
    void describesWhatEachOperationNeeds() {
        var paths = Client.json(gateway.nobody().get("/api/openapi")).get("paths");
        var described = new ArrayList<String>();
        for (var path : paths.propertyNames()) {
            for (var method : paths.get(path).propertyNames()) {
                var operation = paths.get(path).get(method);
                var row = Endpoints.find(method.toUpperCase(Locale.ROOT), path).orElseThrow();
                var needsNothing = row.requirement() instanceof Requirement.Nothing;
                assertThat(operation.path("security").isEmpty())
                        .as(row.toString())
                        .isEqualTo(needsNothing);
                assertThat(operation.path("responses").has("401"))
                        .as(row.toString())
                        .isTrue();
                if (row.requirement() instanceof Requirement.Needs needs) {
                    assertThat(operation.path("description").asString())
                            .as(row.toString())
                            .contains("Needs `" + needs.authority() + "`");
                    assertThat(operation.path("responses").has("403"))
                            .as(row.toString())
                            .isTrue();
                }
                described.add(row.toString());
            }
        }

        assertThat(described).contains("POST /api/tasks", "GET /api/audit", "POST /api/session");
        assertThat(Client.json(gateway.nobody().get("/api/openapi"))
                        .path("components")
                        .path("securitySchemes")
                        .propertyNames())
                .containsExactlyInAnyOrder("token", "session", "csrf");
    }

    @TestFactory
    Stream<DynamicTest> decidesEachRowForEachSortOfCaller() {
        return Endpoints.ALL.stream()
                .filter(row -> !endsTheTest(row))
                .flatMap(row -> SORTS.stream()
                        .map(sort -> dynamicTest(row + " for " + sort.name(), () -> {
                            var answer = CLIENTS.get(sort.name()).call(row.method(), path(row), body(row));
                            var expected = expected(row, sort);
                            assertThat(answer.statusCode()).as(answer.body()).satisfies(status -> {
                                if (expected == 0) {
                                    assertThat(status).isNotIn(401, 403);
                                } else {
                                    assertThat(status).isEqualTo(expected);
                                }
                            });
                            if (expected != 0) {
                                assertThat(answer.headers()
                                                .firstValue("Content-Type")
                                                .orElse(""))
                                        .startsWith("application/problem+json");
                            }
                            if (expected == 403 && row.requirement() instanceof Requirement.Needs needs) {
                                assertThat(answer.body())
                                        .contains(needs.authority().word());
                            }
                        })));
    }

    /** Calls that would end the administrator's session, or do not end themselves. */
    private static boolean endsTheTest(Endpoint row) {
        return Set.of("DELETE /api/session", "DELETE /api/me/sessions", "GET /api/tasks/events", "POST /api/session")
                .contains(row.toString());
    }

    /** 0 when the table lets it through. */
    private static int expected(Endpoint row, Sort sort) {
        var requirement = row.requirement();
        if (requirement instanceof Requirement.Nothing) {
            return 0;
        }
        if (sort.name().equals("anonymous")) {
            return 401;
        }
        if (requirement instanceof Requirement.Session) {
            return sort.isPerson() ? 0 : 403;
        }
        if (requirement instanceof Requirement.Needs needs) {
            var isOfTask = row.path().getPatternString().startsWith("/api/tasks/{id}/");
            if (isOfTask && sort.authorities().contains(needs.authority()) && sort.isNarrowed()) {
                return 404;
            }
            var isOfMail = row.path().getPatternString().contains("{queue}");
            var isFar = (isOfMail && !sort.seesMail()) || (needs.everywhere() && sort.isNarrowed());
            return sort.authorities().contains(needs.authority()) && !isFar ? 0 : 403;
        }
        return 0;
    }

    private static String path(Endpoint row) {
        return row.path()
                .getPatternString()
                .replace("/{*file}", "/index.html")
                .replaceAll("/\\{\\*\\w+}", "/x")
                .replace("{queue}", "mail")
                .replace("{partition}", "0")
                .replace("{offset}", "0")
                .replaceAll("\\{\\w+}", "unknown");
    }

    private static String body(Endpoint row) {
        var path = row.path().getPatternString();
        var takesNone = path.endsWith("{queue}/resume") || path.endsWith("{queue}/purge");
        return LOOK.contains(row.method()) || row.method().equals("DELETE") || takesNone ? "" : "{}";
    }

    @Test
    void refusesWhatIsNotInTheTable() {
        assertThat(gateway.nobody().get("/api/not-there").statusCode()).isEqualTo(401);
        assertThat(gateway.admin().get("/api/not-there").statusCode()).isEqualTo(404);
        assertThat(gateway.admin().call("DELETE", "/api/tasks", "").statusCode())
                .isEqualTo(404);
        assertThat(gateway.admin().get("/error").statusCode()).isEqualTo(404);
    }
}
