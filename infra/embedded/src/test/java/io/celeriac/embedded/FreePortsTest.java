package io.celeriac.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void picksPortsThatDiffer() {
        assertThat(FreePorts.pick(20)).hasSize(20).doesNotHaveDuplicates();
    }

    /** A server takes its port seconds after it was picked; another JVM must not pick the same one meanwhile. */
    @Test
    void picksFromABlockThatThisJvmHasForItself() {
        var ports = IntStream.range(0, 250).mapToObj(i -> FreePorts.pick()).toList();

        int first = ports.get(0) / 100 * 100;
        assertThat(ports).allSatisfy(port -> assertThat(port).isBetween(first + 1, first + 99));
        assertThatThrownBy(() -> FreePorts.requireFree("another JVM", first)).isInstanceOf(ServerStartException.class);
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
