package io.celeriac.web.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Whoever takes an answer byte by byte must not hold a thread for ever. */
class AnswerTimeoutFilterTest {

    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void endsAnAnswerThatIsNotTakenInTime() {
        assertThatThrownBy(() -> answer(Duration.ZERO, 20_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too slowly");
    }

    @Test
    void leavesOthersAlone() throws Exception {
        answer(Duration.ofSeconds(30), 20_000);

        assertThat(response.getContentAsByteArray()).hasSize(20_000);
    }

    private void answer(Duration timeout, int bytes) throws Exception {
        new AnswerTimeoutFilter(timeout)
                .doFilter(
                        new MockHttpServletRequest(),
                        response,
                        (request, timed) -> timed.getOutputStream().write(new byte[bytes]));
    }
}
