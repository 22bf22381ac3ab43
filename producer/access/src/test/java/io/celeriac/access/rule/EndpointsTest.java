package io.celeriac.access.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.web.caller.Authority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {

    @ParameterizedTest
    @CsvSource({
        "GET, /api/tasks/events, GET /api/tasks/events",
        "GET, /api/tasks/other, GET /api/tasks/{id}",
        "HEAD, /api/tasks/other, GET /api/tasks/{id}",
        "POST, /api/schedules/preview, POST /api/schedules/preview",
        "GET, /api/schedules/a%2Fb, GET /api/schedules/{name}",
        "GET, /actuator/health, GET /actuator/health",
        "GET, /actuator/health/readiness, GET /actuator/health/{*component}",
        "GET, /api/tasks/%65vents, GET /api/tasks/events",
        "GET, /actuator/prometheus, GET /actuator/prometheus",
        "GET, /actuator/metrics/jvm.memory.used, GET /actuator/metrics/{*name}",
        "GET, /actuator/tasks/t1, GET /actuator/tasks/{id}",
        "GET, /actuator/env, GET /actuator/{*endpoint}"
    })
    void findsTheMostSpecificRow(String method, String path, String row) {
        assertThat(Endpoints.find(method, path)).map(Endpoint::toString).contains(row);
    }

    @ParameterizedTest
    @CsvSource({"DELETE, /api/tasks", "GET, /api/tasks/", "GET, /API/tasks", "GET, /api/other", "OPTIONS, /api/tasks"})
    void knowsNothingElse(String method, String path) {
        assertThat(Endpoints.find(method, path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/actuator, METRICS_READ",
        "/actuator/prometheus, METRICS_READ",
        "/actuator/metrics, METRICS_READ",
        "/actuator/env, USER_ADMIN",
        "/actuator/heapdump, USER_ADMIN",
        "/actuator/prometheus/x, USER_ADMIN"
    })
    void showsOnlyMetricsToMetricsRead(String path, Authority authority) {
        assertThat(Endpoints.find("GET", path))
                .map(Endpoint::requirement)
                .contains(new Requirement.Needs(authority, false));
    }

    @Test
    void hasEachRowOnce() {
        assertThat(Endpoints.ALL).extracting(Endpoint::toString).doesNotHaveDuplicates();
    }
}
