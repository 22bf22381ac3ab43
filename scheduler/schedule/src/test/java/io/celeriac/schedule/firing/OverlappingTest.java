package io.celeriac.schedule.firing;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.schedule.Overlap;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Firings are named by the second at which they are due. */
class OverlappingTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void letsAllBeginWhereTheyMayOverlap() {
        assertDecision(decide(Overlap.ALLOW, List.of("a", "b"), null, 1, 2), List.of("1", "2"), null, List.of());
        assertDecision(decide(Overlap.ALLOW, List.of("a"), 1, 2), List.of("1", "2"), null, List.of());
    }

    @Test
    void skipsWhileOneRuns() {
        var reason = " skipped: an earlier firing had not ended";

        assertDecision(decide(Overlap.SKIP, List.of(), null, 1), List.of("1"), null, List.of());
        assertDecision(decide(Overlap.SKIP, List.of("a"), null, 1), List.of("1" + reason), null, List.of());
        assertDecision(decide(Overlap.SKIP, List.of(), null, 1, 2), List.of("1", "2" + reason), null, List.of());
    }

    @Test
    void holdsOneBackWhileOneRuns() {
        var reason = " skipped: an earlier firing had not ended, and another waited for it";

        assertDecision(decide(Overlap.BUFFER_ONE, List.of(), null, 1), List.of("1"), null, List.of());
        assertDecision(decide(Overlap.BUFFER_ONE, List.of("a"), null, 1), List.of(), 1, List.of());
        assertDecision(decide(Overlap.BUFFER_ONE, List.of("a"), 1), List.of(), 1, List.of());
        assertDecision(decide(Overlap.BUFFER_ONE, List.of("a"), 1, 2), List.of("2" + reason), 1, List.of());
        assertDecision(decide(Overlap.BUFFER_ONE, List.of(), 1, 2), List.of("1"), 2, List.of());
        assertDecision(
                decide(Overlap.BUFFER_ONE, List.of(), 1, 2, 3, 4),
                List.of("1", "3" + reason, "4" + reason),
                2,
                List.of());
    }

    @Test
    void endsTheEarlierOneForTheLatest() {
        var reason = " skipped: a later firing took its place while an earlier one had not ended";

        assertDecision(decide(Overlap.CANCEL_OTHER, List.of(), null, 1), List.of("1"), null, List.of());
        assertDecision(decide(Overlap.CANCEL_OTHER, List.of("a"), null, 1), List.of(), 1, List.of("a"));
        assertDecision(decide(Overlap.CANCEL_OTHER, List.of("a"), 1), List.of(), 1, List.of());
        assertDecision(decide(Overlap.CANCEL_OTHER, List.of("a"), 1, 2), List.of("1" + reason), 2, List.of("a"));
        assertDecision(decide(Overlap.CANCEL_OTHER, List.of(), 1), List.of("1"), null, List.of());
        assertDecision(decide(Overlap.CANCEL_OTHER, List.of(), 1, 2), List.of("1" + reason, "2"), null, List.of());
    }

    private static Overlapping decide(Overlap policy, List<String> running, @Nullable Integer waiting, int... due) {
        var overlapping = new Overlapping(policy, running);
        overlapping.decide(
                waiting == null ? null : firing(waiting),
                Arrays.stream(due).mapToObj(OverlappingTest::firing).toList());
        return overlapping;
    }

    private static ScheduleFiring firing(int second) {
        return ScheduleFiring.emitted(NOON.plusSeconds(second), FiringKind.TIMED, "task-" + second, NOON);
    }

    private static void assertDecision(
            Overlapping decided, List<String> firings, @Nullable Integer buffered, List<String> revoked) {
        assertThat(decided.firings()).map(OverlappingTest::shown).isEqualTo(firings);
        assertThat(decided.buffered()).isEqualTo(buffered == null ? null : NOON.plusSeconds(buffered));
        assertThat(decided.toRevoke()).isEqualTo(revoked);
    }

    private static String shown(ScheduleFiring firing) {
        var second = String.valueOf(firing.fireTime().getEpochSecond() - NOON.getEpochSecond());
        return firing.isEmitted() ? second : second + " skipped: " + firing.reason();
    }
}
