package io.celeriac.access.passkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.problem.ProblemException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class RelyingPartiesTest {

    private static MockHttpServletRequest request(String host, int port) {
        var request = new MockHttpServletRequest();
        request.setServerName(host);
        request.setServerPort(port);
        return request;
    }

    private static RelyingParties parties(String id, Set<String> origins, boolean isLoopback) {
        return new RelyingParties(new PasskeyProperties(id, "Shop", origins), isLoopback);
    }

    @Test
    void isTheDomainOfTheSettings() {
        assertThat(parties("shop.example.org", Set.of(), false).find(request("other", 80)))
                .contains(new RelyingParty("shop.example.org", "Shop", Set.of("https://shop.example.org")));
        assertThat(parties("example.org", Set.of("https://shop.example.org:8443"), true)
                        .find(request("localhost", 80)))
                .contains(new RelyingParty("example.org", "Shop", Set.of("https://shop.example.org:8443")));
    }

    @Test
    void isLocalhostOnLoopbackOnly() {
        assertThat(parties(null, Set.of(), true).find(request("localhost", 8080)))
                .contains(new RelyingParty("localhost", "Shop", Set.of("http://localhost:8080")));
        assertThat(parties("", Set.of(), true).find(request("localhost", 80)))
                .contains(new RelyingParty("localhost", "Shop", Set.of("http://localhost")));
        assertThat(parties(null, Set.of(), true).find(request("127.0.0.1", 8080)))
                .isEmpty();
        assertThat(parties(null, Set.of(), false).find(request("localhost", 8080)))
                .isEmpty();
    }

    @Test
    void namesTheSettingThatIsMissing() {
        var parties = parties(null, Set.of(), false);
        var request = request("shop.example.org", 443);

        assertThatThrownBy(() -> parties.require(request))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("celeriac.access.passkey.rp-id");
    }
}
