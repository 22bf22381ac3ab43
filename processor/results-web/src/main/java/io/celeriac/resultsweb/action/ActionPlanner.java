package io.celeriac.resultsweb.action;

import io.celeriac.contract.workflow.Workflow;
import io.celeriac.results.action.ActionKind;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.search.Operator;
import io.celeriac.web.search.Query;
import io.celeriac.web.search.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Freezes the search of an action, and counts its items up to a bound of number and time. */
final class ActionPlanner {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SAMPLE = 10;
    private static final int PAGE = 500;

    private final TaskFields fields;
    private final ActionWorks works;
    private final long most;

    /**
     * @param most items that are counted
     */
    ActionPlanner(TaskFields fields, ActionWorks works, long most) {
        this.fields = fields;
        this.works = works;
        this.most = most;
    }

    /**
     * Plans an action.
     *
     * @param q the search as it was asked
     * @param now tasks that were submitted then or later are left out
     * @param caller must be allowed to read what the search looks into; the plan keeps to its queues
     * @throws io.celeriac.web.search.SearchException when the search cannot be read
     * @throws ProblemException when it is empty
     */
    ActionPlan plan(ActionKind kind, String q, Instant now, Caller caller) {
        var frozenQ = frozen(kind, q, now, caller);
        return counted(works.of(kind), new Selection(frozenQ, caller.queues()));
    }

    private String frozen(ActionKind kind, String q, Instant now, Caller caller) {
        var asked = fields.catalogue().parseFrozen(q, now);
        VisibleTasks.of(caller, "q", fields.condition(q, asked)); // counting is reading
        if (asked instanceof Query.All) {
            throw ProblemException.invalid("q", "must not be empty; for all tasks of a time, say so, as in since:1d");
        }
        var parts = new ArrayList<Query>();
        parts.add(asked);
        if (asked.terms().noneMatch(term -> term.field().equals("state"))) {
            parts.add(states(kind == ActionKind.REVOKE ? List.of("PENDING", "STARTED", "RETRY") : List.of("FAILURE")));
        }
        parts.add(term("until", Operator.LESS, new Value.Moment(now)));
        return Query.and(parts).print();
    }

    private static Query states(List<String> words) {
        return Query.or(words.stream()
                .map(word -> (Query) term("state", Operator.EQUAL, new Value.Text(word, false)))
                .toList());
    }

    private static Query.Term term(String field, Operator operator, Value value) {
        return new Query.Term(field, "", operator, value, 0, 0);
    }

    private <T> ActionPlan counted(ActionWork<T> work, Selection selection) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var sample = new ArrayList<Object>();
        var count = 0L;
        var workflows = 0L;
        @Nullable String cursor = null;
        do {
            var page = work.next(selection, cursor, (int) Math.min(PAGE, most - count + 1));
            for (var item : page.items().values()) {
                if (work.queue(item).filter(Workflow.QUEUE::equals).isPresent()) {
                    workflows++;
                }
                if (sample.size() < SAMPLE) {
                    sample.add(work.shown(item));
                }
            }
            count += page.items().size();
            cursor = page.next();
        } while (cursor != null && count <= most && System.nanoTime() < end);
        return new ActionPlan(
                selection.frozenQ(), Math.min(count, most), cursor == null && count <= most, workflows, sample);
    }
}
