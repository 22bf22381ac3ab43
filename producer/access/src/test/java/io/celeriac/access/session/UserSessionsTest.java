package io.celeriac.access.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.rule.CallerAuthentication;
import io.celeriac.access.rule.KnownCaller;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;

/** When sessions end, and when they are too old. No session here has a user, so nobody has to know any. */
class UserSessionsTest {

    private final MockHttpSession session = new MockHttpSession();
    private Instant now = Instant.ofEpochMilli(session.getCreationTime());
    private final UserSessions sessions = new UserSessions(
            null,
            () -> now,
            new AccessProperties(
                    true,
                    null,
                    null,
                    Duration.ofMinutes(30),
                    Duration.ofHours(24),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(5),
                    Duration.ofDays(365),
                    false,
                    false));

    @BeforeEach
    void begin() {
        sessions.user(request("/tasks"));
    }

    private MockHttpServletRequest request(String path) {
        var request = new MockHttpServletRequest("GET", path);
        request.setSession(session);
        return request;
    }

    private MockHttpServletRequest live() {
        var request = request("/tasks");
        request.addHeader(UserSessions.LIVE, "true");
        return request;
    }

    private void pass(int minutes) {
        now = now.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void endsWhileAPageLooksAgainByItself() {
        for (var minute = 0; minute < 30; minute++) {
            pass(1);
            sessions.user(live());
            sessions.user(request("/api/tasks/events"));
        }
        assertThat(session.isInvalid()).isFalse();

        pass(2);
        sessions.user(live());

        assertThat(session.isInvalid()).isTrue();
    }

    @Test
    void goesOnWhileSomebodyUsesIt() {
        for (var times = 0; times < 10; times++) {
            pass(29);
            sessions.user(live());
            sessions.user(request("/tasks"));
        }

        assertThat(session.isInvalid()).isFalse();
    }

    @Test
    void endsAfterADayInAnyCase() {
        for (var times = 0; times < 24 * 60 / 20; times++) {
            assertThat(session.isInvalid()).isFalse();
            pass(20);
            sessions.user(request("/tasks"));
        }

        assertThat(session.isInvalid()).isTrue();
    }

    @Test
    void writesNotEachUse() {
        var first = session.getAttribute("used");
        pass(1);
        sessions.user(request("/tasks"));
        assertThat(session.getAttribute("used")).isEqualTo(first);

        pass(1);
        sessions.user(request("/tasks"));

        assertThat(session.getAttribute("used")).isNotEqualTo(first);
    }

    @Test
    void isRecentForTenMinutes() {
        var byAda = request("/api/tokens");
        KnownCaller.note(byAda, new CallerAuthentication(new Caller("ada", Caller.Kind.USER, Set.of(), null, null)));
        var byShop = request("/api/tokens");
        KnownCaller.note(byShop, new CallerAuthentication(new Caller("shop", Caller.Kind.TOKEN, Set.of(), null, null)));
        pass(9);
        assertThatCode(() -> sessions.requireRecent(byAda)).doesNotThrowAnyException();

        pass(1);

        assertThatThrownBy(() -> sessions.requireRecent(byAda))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("sign in again");
        assertThatCode(() -> sessions.requireRecent(byShop)).doesNotThrowAnyException();
    }
}
