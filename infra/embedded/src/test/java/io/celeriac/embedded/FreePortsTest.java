package io.celeriac.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void picksPortsThatDiffer() {
        assertThat(FreePorts.pick(20)).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void namesTheServerAndThePortThatIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> FreePorts.requireFree("MariaDB", taken.getLocalPort()))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("MariaDB")
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
    }
}
