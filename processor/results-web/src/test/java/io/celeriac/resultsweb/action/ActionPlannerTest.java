package io.celeriac.resultsweb.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.results.action.ActionKind;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.search.QueryLimits;
import io.celeriac.web.search.SearchException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionPlannerTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final TaskFields FIELDS = new TaskFields(Set.of(), () -> NOW);

    @Test
    void freezesTheTimeAndAddsTheStateOfTheKind() {
        var plan = planner(new FakeWork(3)).plan(ActionKind.RETRY, "queue:mail since:1h", NOW, Caller.OPEN);

        assertThat(plan.frozenQ())
                .contains("queue:mail", "state:FAILURE", "2026-01-31T11:00:00Z", "until:", "2026-01-31T12:00:00Z")
                .doesNotContain("1h");
        assertThat(FIELDS.catalogue().reparse(plan.frozenQ()).print()).isEqualTo(plan.frozenQ());
    }

    @Test
    void keepsTheStatesThatWereAskedFor() {
        var plan = planner(new FakeWork(3)).plan(ActionKind.RETRY, "state:REVOKED", NOW, Caller.OPEN);

        assertThat(plan.frozenQ()).contains("state:REVOKED").doesNotContain("FAILURE");
    }

    @Test
    void countsExactlyUpToItsBound() {
        var some = planner(new FakeWork(100)).plan(ActionKind.RETRY, "queue:a", NOW, Caller.OPEN);
        var many = planner(new FakeWork(2_000_000)).plan(ActionKind.RETRY, "queue:a", NOW, Caller.OPEN);

        assertThat(some.count()).isEqualTo(100);
        assertThat(some.exact()).isTrue();
        assertThat(some.sample()).hasSize(10).startsWith("0000000");
        assertThat(many.count()).isEqualTo(1_000);
        assertThat(many.exact()).isFalse();
    }

    @Test
    void countsExactlyAtItsBound() {
        var plan = planner(new FakeWork(1_000)).plan(ActionKind.RETRY, "queue:a", NOW, Caller.OPEN);

        assertThat(plan.count()).isEqualTo(1_000);
        assertThat(plan.exact()).isTrue();
    }

    /** A search with as many terms, and as deep, as people may write. Freezing adds to it. */
    @Test
    void readsWhatItHasFrozenOfTheLargestSearch() {
        var many = "since:1h ".repeat(QueryLimits.TERMS);
        var deep = "-(queue:a OR ".repeat(QueryLimits.DEPTH / 2 - 1) + "queue:b OR queue:c"
                + ")".repeat(QueryLimits.DEPTH / 2 - 1);
        for (var q : List.of(many, deep)) {
            var frozen = planner(new FakeWork(3))
                    .plan(ActionKind.RETRY, q, NOW, Caller.OPEN)
                    .frozenQ();

            var again = planner(new FakeWork(3)).plan(ActionKind.RETRY, frozen, NOW, Caller.OPEN);
            var ofALetter = "id:a (" + again.frozenQ() + ")";

            assertThat(FIELDS.condition(ofALetter, FIELDS.catalogue().reparse(ofALetter)))
                    .isNotNull();
        }
    }

    @Test
    void findsNothing() {
        var plan = planner(new FakeWork(0)).plan(ActionKind.RETRY, "queue:a", NOW, Caller.OPEN);

        assertThat(plan.count()).isZero();
        assertThat(plan.exact()).isTrue();
        assertThat(plan.sample()).isEmpty();
    }

    @Test
    void refusesASearchForEverything() {
        assertThatThrownBy(() -> planner(new FakeWork(1)).plan(ActionKind.RETRY, " ", NOW, Caller.OPEN))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("q must not be empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state:", "(queue:a", "nothing:1", "state:GONE"})
    void refusesWhatIsNoSearch(String q) {
        assertThatThrownBy(() -> planner(new FakeWork(1)).plan(ActionKind.RETRY, q, NOW, Caller.OPEN))
                .isInstanceOf(SearchException.class);
    }

    /** To count what a text is found in is to find the text, by asking often. */
    @ParameterizedTest
    @ValueSource(strings = {"args.to:\"ada@example.org\"", "error:Timeout", "secret"})
    void refusesToCountWhatTheCallerMayNotRead(String q) {
        var blind = new Caller("ada", Caller.Kind.TOKEN, Set.of(Authority.TASK_RETRY), null, null);
        assertThatThrownBy(() -> planner(new FakeWork(1)).plan(ActionKind.RETRY, q, NOW, blind))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("task:payload");
        assertThat(planner(new FakeWork(1))
                        .plan(ActionKind.RETRY, "queue:mail", NOW, blind)
                        .count())
                .isEqualTo(1);
    }

    private static ActionPlanner planner(FakeWork work) {
        return new ActionPlanner(FIELDS, new ActionWorks(List.of(work)), 1_000);
    }
}
