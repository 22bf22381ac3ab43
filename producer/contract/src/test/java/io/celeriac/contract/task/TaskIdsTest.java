package io.celeriac.contract.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskIdsTest {

    @Test
    void areTheSameEachTimeAndDifferForEachSource() {
        assertThat(TaskIds.ofRecord("celeriac.tasks.default", 3, 41))
                .isEqualTo(TaskIds.ofRecord("celeriac.tasks.default", 3, 41))
                .isNotEqualTo(TaskIds.ofRecord("celeriac.tasks.default", 3, 42));
        assertThat(TaskIds.ofFiring("s", Instant.EPOCH))
                .isNotEqualTo(TaskIds.ofFiring("s", Instant.EPOCH.plusMillis(1)));
        assertThat(TaskIds.ofChild("p", "success", 0)).isNotEqualTo(TaskIds.ofChild("p", "failure", 0));
    }

    /** The name space itself is UUIDv5 of a DNS name, which any other implementation of RFC 9562 computes too. */
    @Test
    void areVersion5() {
        var id = UUID.fromString(TaskIds.ofRecord("t", 0, 0));

        assertThat(id.version()).isEqualTo(5);
        assertThat(id.variant()).isEqualTo(2);
    }
}
