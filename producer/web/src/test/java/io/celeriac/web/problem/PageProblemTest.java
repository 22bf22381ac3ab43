package io.celeriac.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class PageProblemTest {

    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/jobs/access/users");
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void forwardsWhoAsksForAPageToThePageOfProblems() throws IOException {
        request.addHeader("Accept", "text/html");

        PageProblem.write(request, response, HttpStatus.FORBIDDEN, "this page needs user:admin");

        assertThat(response.getForwardedUrl()).isEqualTo("/error/page");
        assertThat(PageProblem.of(request))
                .contains(new PageProblem(HttpStatus.FORBIDDEN, "this page needs user:admin", "/jobs/access/users"));
    }

    @Test
    void answersACallWithJson() throws IOException {
        request.addHeader("Accept", "application/json");

        PageProblem.write(request, response, HttpStatus.FORBIDDEN, "this call needs user:admin");

        assertThat(response.getForwardedUrl()).isNull();
        assertThat(response.getStatus()).isEqualTo(403);
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
    }

    @Test
    void writesAPlainPageWhenThePageOfProblemsHasFailed() throws IOException {
        request.addHeader("Accept", "text/html");
        PageProblem.write(request, response, HttpStatus.NOT_FOUND, "there is nothing here");
        var second = new MockHttpServletResponse();

        PageProblem.write(request, second, HttpStatus.INTERNAL_SERVER_ERROR, "the request could not be answered");

        assertThat(second.getForwardedUrl()).isNull();
        assertThat(second.getStatus()).isEqualTo(500);
        assertThat(second.getContentAsString()).contains("The request could not be answered.");
    }
}
