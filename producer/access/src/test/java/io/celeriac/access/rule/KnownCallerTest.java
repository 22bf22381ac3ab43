package io.celeriac.access.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.TestingAuthenticationToken;

class KnownCallerTest {

    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private final KnownCaller callers = new KnownCaller();

    @Test
    void refusesARequestThatHasPassedNoFilter() {
        request.setUserPrincipal(() -> "ada");

        assertThatThrownBy(() -> callers.of(request)).isInstanceOf(IllegalStateException.class);
        assertThat(callers.orAnonymous(request)).isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void takesAForeignPrincipalForNobody() {
        KnownCaller.note(request, new TestingAuthenticationToken("ada", "secret", "user:admin"));

        assertThat(callers.of(request)).isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void tellsTheCallerThatTheFiltersHaveFound() {
        var ada = new Caller("ada", Caller.Kind.USER, Set.of(Authority.TASK_READ), null, null);
        KnownCaller.note(request, new CallerAuthentication(ada));

        assertThat(callers.of(request)).isEqualTo(ada);
    }
}
