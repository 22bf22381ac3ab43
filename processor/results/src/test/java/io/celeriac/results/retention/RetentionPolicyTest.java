package io.celeriac.results.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.ResultsProperties.Retention;
import io.celeriac.results.ResultsProperties.Rule;
import io.celeriac.results.retention.RetentionPolicy.Kept;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void whatHasEndedIsKeptForAWeekAndWhatHasNotForEver() {
        var policy = policy(null);

        assertThat(policy.of("any", TaskState.SUCCESS)).contains(new Kept(WEEK, null));
        assertThat(policy.of("any", TaskState.REVOKED)).contains(new Kept(WEEK, null));
        assertThat(policy.of("any", TaskState.PENDING)).isEmpty();
        assertThat(policy.longest()).contains(WEEK);
    }

    @Test
    void theFirstRuleThatFitsDecides() {
        var policy = policy(
                5L,
                new Rule("mail.*", TaskState.FAILURE, Duration.ofDays(90), null),
                new Rule("mail.*", null, DAY, 1000L),
                new Rule("*.audit", null, null, null),
                new Rule("*", TaskState.PENDING, DAY, null));

        assertThat(policy.of("mail.send", TaskState.FAILURE)).contains(new Kept(Duration.ofDays(90), null));
        assertThat(policy.of("mail.send", TaskState.SUCCESS)).contains(new Kept(DAY, 1000L));
        assertThat(policy.of("mailbox", TaskState.SUCCESS)).contains(new Kept(WEEK, 5L));
        assertThat(policy.of("pay.audit", TaskState.SUCCESS)).contains(new Kept(null, null));
        assertThat(policy.of("any", TaskState.PENDING)).contains(new Kept(DAY, null));
        assertThat(policy.of("any", TaskState.STARTED)).isEmpty();
        assertThat(policy.longest()).as("something is kept for ever").isEmpty();
    }

    @Test
    void refusesWhatWouldKeepNothingNamingTheSetting() {
        assertThatThrownBy(() -> new Retention(true, Duration.ZERO, null, List.of(), true, DAY, 1000))
                .hasMessageContaining("celeriac.results.retention.keep must be more than zero");
        assertThatThrownBy(() -> policy(null, new Rule("*", null, DAY, 0L)))
                .hasMessageContaining("celeriac.results.retention.rules[0].max-rows must be more than zero");
    }

    private static RetentionPolicy policy(@Nullable Long maxRows, Rule... rules) {
        return new RetentionPolicy(new Retention(true, WEEK, maxRows, List.of(rules), true, DAY, 1000));
    }
}
