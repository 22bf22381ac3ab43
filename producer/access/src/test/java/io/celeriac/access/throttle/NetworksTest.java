package io.celeriac.access.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.0/24",
        "::ffff:192.0.2.7, 192.0.2.0/24",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
        "::1, 0:0:0:0:0:0:0:0/64",
        "fe80::7%eth0, fe80:0:0:0:0:0:0:0/64",
        "localhost, unknown",
        "999.0.2.7, unknown"
    })
    void belongsToANetwork(String address, String network) {
        assertThat(Networks.of(address)).isEqualTo(network);
    }
}
