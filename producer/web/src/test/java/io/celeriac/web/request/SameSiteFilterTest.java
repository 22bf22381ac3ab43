package io.celeriac.web.request;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** A page of another site must neither read nor change anything through the browser of someone who can reach us. */
class SameSiteFilterTest {

    private final SameSiteFilter filter = new SameSiteFilter(Set.of("tasks.example.org"), false);

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, 200",
        "127.0.0.1:8080, 200",
        "[::1]:8080, 200",
        "LOCALHOST, 200",
        "tasks.example.org, 200",
        "evil.example:8080, 421",
        "127.0.0.1.evil.example, 421",
        "'', 421"
    })
    void answersOnlyToItsNames(String host, int status) throws ServletException, IOException {
        assertThat(status(request("GET", host))).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"http://localhost:8080, 200", "http://localhost:3000, 403", "https://evil.example, 403", "null, 403"})
    void takesChangesOnlyFromItsOwnPages(String origin, int status) throws ServletException, IOException {
        var request = request("POST", "localhost:8080");
        request.addHeader("Origin", origin);

        assertThat(status(request)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "application/json;charset=utf-8, 200",
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "nonsense, 415"
    })
    void takesOnlyJsonBodies(String type, int status) throws ServletException, IOException {
        var request = request("POST", "localhost:8080");
        request.setContent(new byte[] {'{', '}'});
        request.setContentType(type);

        assertThat(status(request)).isEqualTo(status);
    }

    @Test
    void refusesAChangeThatTheBrowserCallsForeign() throws ServletException, IOException {
        var request = request("DELETE", "localhost:8080");
        request.addHeader("Sec-Fetch-Site", "cross-site");

        assertThat(status(request)).isEqualTo(403);
    }

    private static MockHttpServletRequest request(String method, String host) {
        var request = new MockHttpServletRequest(method, "/api/tasks");
        request.addHeader("Host", host);
        return request;
    }

    private int status(MockHttpServletRequest request) throws ServletException, IOException {
        var response = new MockHttpServletResponse();
        filter.doFilter(request, response, new MockFilterChain());
        if (response.getStatus() != 200) {
            assertThat(response.getContentType()).startsWith("application/problem+json");
        }
        return response.getStatus();
    }
}
