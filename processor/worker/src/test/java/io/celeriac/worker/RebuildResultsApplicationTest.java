package io.celeriac.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RebuildResultsApplicationTest {

    @Test
    void tellsWhatItDoes(CapturedOutput output) {
        assertThat(RebuildResultsApplication.run(List.of("--help"))).isZero();

        assertThat(output.getOut()).contains("Usage: rebuild-results", "--yes", "SPRING_DATASOURCE_URL");
    }

    @Test
    void hasNothingToEmptyWithoutADatabase(CapturedOutput output) {
        assertThat(RebuildResultsApplication.run(List.of("--yes", "--spring.main.banner-mode=off")))
                .isEqualTo(1);

        assertThat(output).contains("SPRING_DATASOURCE_URL is not set");
    }
}
