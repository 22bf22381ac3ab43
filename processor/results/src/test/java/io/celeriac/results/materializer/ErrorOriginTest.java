package io.celeriac.results.materializer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ErrorOriginTest {

    @Test
    void isTheFirstFrameOfTheInnermostCauseOutsideTheJdk() {
        assertThat(ErrorOrigin.of(trace(new IllegalStateException("outer", thrownByTheJdk()))))
                .startsWith("io.celeriac.results.materializer.ErrorOriginTest.thrownByTheJdk(ErrorOriginTest.java:");
    }

    @Test
    void isAFrameOfTheJdkWhereThereIsNoOther() {
        assertThat(ErrorOrigin.of("java.lang.Error\n\tat java.base/java.lang.Thread.run(Thread.java:840)"))
                .isEqualTo("java.base/java.lang.Thread.run(Thread.java:840)");
    }

    @Test
    void isClippedToItsColumn() {
        assertThat(ErrorOrigin.of("java.lang.Error\n\tat a." + "x".repeat(400) + "(X.java:1)"))
                .hasSize(255);
    }

    @Test
    void isNotKnownWithoutFrames() {
        assertThat(ErrorOrigin.of(null)).isNull();
        assertThat(ErrorOrigin.of("java.lang.Error: at noon")).isNull();
    }

    private static RuntimeException thrownByTheJdk() {
        try {
            Objects.requireNonNull(null, "nothing");
            throw new AssertionError("it is null");
        } catch (NullPointerException e) {
            return e;
        }
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
