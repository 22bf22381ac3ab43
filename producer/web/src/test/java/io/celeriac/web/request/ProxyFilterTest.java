package io.celeriac.web.request;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Behind a proxy with a path prefix, links and the pages of that proxy must work; and only a proxy may say so. */
class ProxyFilterTest {

    private final ProxyFilter proxy = new ProxyFilter(Set.of("10.0.0.0/8", "::1/128"));
    private final SameSiteFilter sameSite = new SameSiteFilter(Set.of(), true);
    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/tasks");

    @BeforeEach
    void forward() {
        request.setRemoteAddr("10.1.2.3");
        request.addHeader("Host", "gateway:8080");
        request.addHeader("X-Forwarded-Host", "tasks.example.org");
        request.addHeader("X-Forwarded-Proto", "https");
        request.addHeader("X-Forwarded-Prefix", "/celeriac");
    }

    @Test
    void locationsBeginWithThePrefix() throws ServletException, IOException {
        var response = answer();

        assertThat(response.getHeader("Location")).isEqualTo("/celeriac/api/tasks/a");
    }

    @Test
    void takesChangesFromPagesOfTheProxy() throws ServletException, IOException {
        request.addHeader("Origin", "https://tasks.example.org");

        assertThat(answer().getStatus()).isEqualTo(202);
    }

    @Test
    void takesNoneFromPagesOfOthers() throws ServletException, IOException {
        request.addHeader("Origin", "https://evil.example");

        assertThat(answer().getStatus()).isEqualTo(403);
    }

    @Test
    void believesNobodyElse() throws ServletException, IOException {
        request.setRemoteAddr("192.0.2.1");
        request.addHeader("Origin", "https://tasks.example.org");

        assertThat(answer().getStatus()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "'203.0.113.9', 203.0.113.9",
        "'198.51.100.1, 203.0.113.9, 10.9.9.9', 203.0.113.9",
        "'198.51.100.1, 203.0.113.9:4711', 203.0.113.9",
        "'[2001:db8::7]:4711', 2001:db8:0:0:0:0:0:7",
        "'10.0.0.7, 10.0.0.8', 10.0.0.8",
        "'203.0.113.9, evil.example', 10.1.2.3",
        "'203.0.113.9, ', 10.1.2.3"
    })
    void knowsTheClientByTheLastAddressThatIsNoProxy(String forwardedFor, String client)
            throws ServletException, IOException {
        request.addHeader("X-Forwarded-For", forwardedFor);

        assertThat(client()).isEqualTo(client);
    }

    @Test
    void knowsAnotherSenderByItsOwnAddress() throws ServletException, IOException {
        request.setRemoteAddr("192.0.2.1");
        request.addHeader("X-Forwarded-For", "203.0.113.9");

        assertThat(client()).isEqualTo("192.0.2.1");
    }

    @Test
    void takesNoAddressFromForwarded() throws ServletException, IOException {
        request.addHeader("Forwarded", "for=203.0.113.9");

        assertThat(client()).isEqualTo("10.1.2.3");
    }

    private String client() throws ServletException, IOException {
        var client = new AtomicReference<String>();
        proxy.doFilter(request, new MockHttpServletResponse(), (seen, out) -> client.set(seen.getRemoteAddr()));
        return client.get();
    }

    private MockHttpServletResponse answer() throws ServletException, IOException {
        var response = new MockHttpServletResponse();
        FilterChain controller = (seen, out) -> {
            var answer = (HttpServletResponse) out;
            answer.setStatus(202);
            answer.addHeader("Location", "/api/tasks/a");
        };
        proxy.doFilter(request, response, (seen, out) -> sameSite.doFilter(seen, out, controller));
        return response;
    }
}
