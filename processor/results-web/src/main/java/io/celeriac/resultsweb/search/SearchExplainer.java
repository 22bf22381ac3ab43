package io.celeriac.resultsweb.search;

import io.celeriac.results.query.SearchExplanation;
import io.celeriac.resultsweb.search.Explanation.Warning;
import io.celeriac.web.search.Query;
import io.celeriac.web.search.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which terms of a search no index serves, and which are compared in each row that the index finds.
 *
 * @param fields of the search
 */
record SearchExplainer(TaskFields fields) {

    private static final Set<String> TIMES = Set.of("since", "until", "submitted");

    /** The fields by which an index finds rows, beside the time of the submission. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "task_label_by_value", Set.of("label."),
            "task_argument_by_value", Set.of("args."),
            "task_result_by_schedule", Set.of("schedule"),
            "task_result_by_task", Set.of("task", "state"),
            "task_result_by_queue", Set.of("queue", "state"),
            "task_result_by_state", Set.of("state"),
            "task_result_by_time", Set.of());

    private static final Set<String> ONE_VALUE_ONLY = Set.of("label.", "args.");

    Explanation explain(String text, Query query, SearchExplanation plan) {
        var warnings = new ArrayList<Warning>();
        var checked = new ArrayList<String>();
        var isFirst = true;
        for (var part : parts(query)) {
            if (plan.unserved().contains(fields.condition(text, part))) {
                part.terms().forEach(term -> warnings.add(warning(text, term, why(part, term))));
                part.freeTexts()
                        .map(free -> warning(text, free.position(), free.length(), "no index serves a text"))
                        .forEach(warnings::add);
                continue;
            }
            for (var term : part.terms().toList()) {
                if (isFound(term, plan.index(), isFirst)) {
                    isFirst &= !ONE_VALUE_ONLY.contains(term.field());
                } else {
                    checked.add(text.substring(term.position(), term.position() + term.length()));
                }
            }
        }
        warnings.sort(Comparator.comparing(Warning::position));
        return new Explanation(query.print(), plan.index(), plan.windowed(), warnings, checked);
    }

    /** What must all hold. */
    private static List<Query> parts(Query query) {
        return query instanceof Query.And and ? and.parts() : List.of(query);
    }

    private String why(Query part, Query.Term term) {
        if (!fields.isIndexed(term)) {
            return "no index serves " + term.field() + term.path();
        }
        if (term.value() instanceof Value.Any || (term.value() instanceof Value.Text value && value.prefix())) {
            return "no index serves a value with a star";
        }
        if (part instanceof Query.Or) {
            return "no index serves terms under OR";
        }
        return part instanceof Query.Not ? "no index serves what is excluded" : "no index serves this value";
    }

    private static boolean isFound(Query.Term term, String index, boolean isFirst) {
        var found = FIELDS.get(index);
        if (found == null) {
            return Set.of("id", "parent", "root", "group", "retryOf")
                    .contains(term.field()); // each has an index of its own
        }
        return TIMES.contains(term.field())
                || (found.contains(term.field()) && (isFirst || !ONE_VALUE_ONLY.contains(term.field())));
    }

    private static Warning warning(String text, Query.Term term, String reason) {
        return warning(text, term.position(), term.length(), reason);
    }

    private static Warning warning(String text, int position, int length, String reason) {
        return new Warning(
                position,
                text.substring(position, position + length),
                reason + "; the search looks at up to 20,000 tasks at a time");
    }
}
