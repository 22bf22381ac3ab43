package io.celeriac.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.redaction.Redaction;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerReportTest {

    @Test
    void tellsSecretsByNameAndByPosition() {
        var secrets = new Redaction(Set.of(), Set.of("password"), false, false, List.of("user", "password"));

        assertThat(WorkerReport.secrets(secrets)).containsExactly("1", "password");
    }

    @Test
    void tellsThatAllIsSecret() {
        assertThat(WorkerReport.secrets(Redaction.ARGUMENTS)).containsExactly("*");
    }

    @Test
    void tellsThatNothingIs() {
        assertThat(WorkerReport.secrets(Redaction.NONE)).isEmpty();
    }
}
