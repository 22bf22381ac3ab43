package io.celeriac.resultsweb.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.results.query.BoundedCount;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

class ViewCountsTest {

    private final TaskFields fields = new TaskFields(Set.of(), () -> Instant.parse("2026-01-31T12:00:00Z"));
    private final AtomicInteger asked = new AtomicInteger();
    private final ViewCounts counts =
            new ViewCounts(fields, filter -> new BoundedCount(asked.incrementAndGet(), true), new Searches(1));

    @Test
    void asksOnceForAllWhoSeeTheSame() {
        assertThat(counts.of("state:FAILURE", reader(null))).contains(new BoundedCount(1, true));
        assertThat(counts.of("state:FAILURE", Caller.OPEN)).contains(new BoundedCount(1, true));
    }

    @Test
    void asksAgainForWhoSeesOtherQueues() {
        counts.of("state:FAILURE", reader(null));

        assertThat(counts.of("state:FAILURE", reader(Set.of("mail")))).contains(new BoundedCount(2, true));
    }

    @Test
    void doesNotCountWhatTheCallerMayNotSearchFor() {
        assertThat(counts.of("error:Timeout", reader(null))).isEmpty();
        assertThat(asked).hasValue(0);
    }

    @Test
    void doesNotCountWhatIsNoSearchAnyMore() {
        assertThat(counts.of("nosuchfield:1", Caller.OPEN)).isEmpty();
    }

    @Test
    void doesNotKnowWhatTakesTooLong() {
        var slow = new ViewCounts(
                fields,
                filter -> {
                    throw new QueryTimeoutException("too slow");
                },
                new Searches(1));

        assertThat(slow.of("state:FAILURE", Caller.OPEN)).isEmpty();
    }

    private static Caller reader(@Nullable Set<String> queues) {
        return new Caller("ada", Caller.Kind.USER, Set.of(Authority.TASK_READ), queues, null);
    }
}
