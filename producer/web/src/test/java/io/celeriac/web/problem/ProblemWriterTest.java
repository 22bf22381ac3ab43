package io.celeriac.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ProblemWriterTest {

    private static final String OF_A_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private final MockHttpServletResponse response = new MockHttpServletResponse();

    private static MockHttpServletRequest request(String method, String path, String accept) {
        var request = new MockHttpServletRequest(method, path);
        request.addHeader("Accept", accept);
        return request;
    }

    @Test
    void answersABrowserThatAsksForAPageWithAPage() throws IOException {
        var request = request("GET", "/jobs/access/users", OF_A_BROWSER);
        request.setContextPath("/jobs");

        ProblemWriter.write(request, response, HttpStatus.FORBIDDEN, "this call needs <user:admin>");

        assertThat(response.getStatus()).isEqualTo(403);
        assertThat(response.getContentType()).startsWith("text/html");
        assertThat(response.getContentAsString())
                .contains("<h1>Not for you</h1>", "<p>This call needs &lt;user:admin&gt;.</p>")
                .contains("href=\"/jobs/assets/celeriac.css\"", "src=\"/jobs/assets/theme.js\"", "href=\"/jobs/\"")
                .doesNotContain("<user:admin>", "style=");
    }

    @Test
    void saysOnAPageOnceThatThereIsNothing() throws IOException {
        ProblemWriter.write(
                request("GET", "/none", OF_A_BROWSER), response, HttpStatus.NOT_FOUND, "there is nothing here");

        assertThat(response.getContentAsString())
                .contains("<h1>There is nothing here</h1>")
                .doesNotContain("there is nothing here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /api/tasks       | text/html",
                "GET  | /api             | text/html",
                "GET  | /actuator/env    | text/html",
                "GET  | /assets/none.css | text/html",
                "POST | /tasks           | text/html",
                "GET  | /tasks           | */*",
                "GET  | /tasks           | application/json",
                "GET  | /tasks           | not a type"
            })
    void answersCallsWithJson(String method, String path, String accept) throws IOException {
        ProblemWriter.write(request(method, path, accept), response, HttpStatus.NOT_FOUND, "there is nothing here");

        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        assertThat(response.getContentAsString()).contains("\"detail\":\"there is nothing here\"");
    }

    @Test
    void answersARequestThatAcceptsAnythingWithJson() throws IOException {
        ProblemWriter.write(
                new MockHttpServletRequest("GET", "/tasks"), response, HttpStatus.NOT_FOUND, "there is nothing here");

        assertThat(response.getContentType()).isEqualTo("application/problem+json");
    }
}
