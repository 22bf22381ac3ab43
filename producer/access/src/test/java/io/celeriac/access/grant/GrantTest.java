package io.celeriac.access.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.problem.ProblemException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrantTest {

    @Test
    void addsAuthoritiesToARole() {
        var grant = Grant.asked(Role.VIEWER, Set.of(Authority.TASK_PAYLOAD), null);

        assertThat(grant.effective())
                .contains(Authority.TASK_READ, Authority.TASK_PAYLOAD)
                .doesNotContain(Authority.TASK_SUBMIT);
    }

    @Test
    void leavesANarrowedRoleOnlyWhatConcernsAQueue() {
        var grant = Grant.asked(Role.OPERATOR, null, Set.of("mail"));

        assertThat(grant.effective()).contains(Authority.QUEUE_PAUSE).allMatch(Authority::concernsQueue);
    }

    @Test
    void neverNarrowsAnAdministrator() {
        assertThatThrownBy(() -> Grant.asked(Role.ADMIN, null, Set.of("mail"))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Grant.asked(null, Set.of(Authority.USER_ADMIN), Set.of("mail")))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void grantsSomething() {
        assertThatThrownBy(() -> Grant.asked(null, null, null)).isInstanceOf(ProblemException.class);
    }

    @Test
    void doesNotLetTheOperatorMakeUsersOrReadTheAudit() {
        assertThat(Role.OPERATOR.authorities())
                .doesNotContain(Authority.USER_ADMIN, Authority.AUDIT_READ, Authority.QUEUE_PURGE);
        assertThat(Role.VIEWER.authorities()).doesNotContain(Authority.TASK_PAYLOAD);
    }
}
