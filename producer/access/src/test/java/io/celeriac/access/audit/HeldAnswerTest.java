package io.celeriac.access.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

class HeldAnswerTest {

    private final MockHttpServletResponse sent = new MockHttpServletResponse();
    private final HeldAnswer answer = new HeldAnswer(sent);

    @Test
    void holdsWhatAWriterFlushes() throws IOException {
        answer.setCharacterEncoding("UTF-8");
        answer.getWriter().print("bücher");
        answer.getWriter().flush();

        assertThat(sent.isCommitted()).isFalse();

        answer.release();

        assertThat(sent.isCommitted()).isTrue();
        assertThat(sent.getContentAsString(UTF_8)).isEqualTo("bücher");
    }

    @Test
    void holdsWhatAStreamFlushes() throws IOException {
        answer.getOutputStream().write('x');
        answer.getOutputStream().flush();
        answer.flushBuffer();

        assertThat(sent.isCommitted()).isFalse();

        answer.release();

        assertThat(sent.getContentAsString()).isEqualTo("x");
    }

    @Test
    void forgetsWhatWasWrittenBeforeAReset() throws IOException {
        answer.getWriter().print("an answer");
        answer.resetBuffer();
        answer.getWriter().print("a problem");
        answer.release();

        assertThat(sent.getContentAsString()).isEqualTo("a problem");
    }
}
