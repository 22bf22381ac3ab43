package io.celeriac.resultsweb.search;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.condition.Comparison;
import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.NumberColumn;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.condition.TimeColumn;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.web.search.FieldCatalogue;
import io.celeriac.web.search.Operator;
import io.celeriac.web.search.Query;
import io.celeriac.web.search.SearchException;
import io.celeriac.web.search.SearchField;
import io.celeriac.web.search.SearchField.Index;
import io.celeriac.web.search.SearchField.Kind;
import io.celeriac.web.search.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of tasks, and searches of tasks as conditions. */
public final class TaskFields {

    private static final Map<String, TextColumn> TEXTS = Map.ofEntries(
            Map.entry("state", TextColumn.STATE),
            Map.entry("task", TextColumn.TASK),
            Map.entry("queue", TextColumn.QUEUE),
            Map.entry("schedule", TextColumn.SCHEDULE),
            Map.entry("id", TextColumn.ID),
            Map.entry("parent", TextColumn.PARENT),
            Map.entry("root", TextColumn.ROOT),
            Map.entry("group", TextColumn.GROUP),
            Map.entry("retryOf", TextColumn.RETRY_OF),
            Map.entry("worker", TextColumn.WORKER),
            Map.entry("key", TextColumn.KEY),
            Map.entry("reason", TextColumn.REASON));
    private static final Map<String, NumberColumn> NUMBERS = Map.of(
            "attempt", NumberColumn.ATTEMPT,
            "priority", NumberColumn.PRIORITY,
            "partition", NumberColumn.PARTITION,
            "offset", NumberColumn.OFFSET);
    private static final Map<String, TimeColumn> TIMES = Map.of(
            "since", TimeColumn.SUBMITTED,
            "until", TimeColumn.SUBMITTED,
            "submitted", TimeColumn.SUBMITTED,
            "started", TimeColumn.STARTED,
            "finished", TimeColumn.FINISHED,
            "eta", TimeColumn.ETA);

    private final Set<String> indexedArguments;
    private final InstantSource clock;
    private final FieldCatalogue catalogue;

    /**
     * @param indexedArguments paths of the arguments that searches find by an index
     * @param clock what relative times are counted from
     */
    public TaskFields(Set<String> indexedArguments, InstantSource clock) {
        this.indexedArguments = indexedArguments;
        this.clock = clock;
        catalogue = new FieldCatalogue(List.of(
                SearchField.words("state", names(TaskState.values()), Index.ALL, "State of the task", "state:FAILURE"),
                SearchField.text("task", Index.ALL, "Name of the handler", "task:report.daily"),
                SearchField.text("queue", Index.ALL, "Queue of the task", "queue:mail"),
                SearchField.text("label.", Index.ALL, "A label of the task", "label.tenant:42"),
                SearchField.text(
                        "args.",
                        Index.of(indexedArguments),
                        "An argument, by its name or its position from 0",
                        "args.to:\"ada@example.org\""),
                SearchField.part("error", Index.NONE, "In the type or message of the error", "error:Timeout"),
                SearchField.compared(
                        "took", Kind.DURATION, Index.NONE, "From the start of the last attempt to the end", "took:>5s"),
                SearchField.bound("since", Operator.GREATER_OR_EQUAL, Index.ALL, "Submitted then or later", "since:1h"),
                SearchField.bound("until", Operator.LESS, Index.ALL, "Submitted before", "until:2026-01-31"),
                SearchField.text("schedule", Index.ALL, "Name of the schedule it came from", "schedule:nightly"),
                SearchField.text("worker", Index.NONE, "Id of the worker that ran it", "worker:host-1*"),
                SearchField.text("key", Index.NONE, "Key of the task", "key:customer-7"),
                SearchField.text("id", Index.ALL, "Id of the task", "id:order-17"),
                SearchField.text("parent", Index.ALL, "Id of the task that submitted it", "parent:order-17"),
                SearchField.text("root", Index.ALL, "Id of the first task of its workflow", "root:order-17"),
                SearchField.text("group", Index.ALL, "Id of its group", "group:order-17"),
                SearchField.text(
                        "retryOf", Index.ALL, "Id of the task or workflow that it retries", "retryOf:order-17"),
                SearchField.words(
                        "reason", names(RevokeReason.values()), Index.NONE, "Why it was revoked", "reason:EXPIRED"),
                SearchField.compared("attempt", Kind.NUMBER, Index.NONE, "Number of the attempt", "attempt:>1"),
                SearchField.compared("priority", Kind.NUMBER, Index.NONE, "Priority, 0 to 9", "priority:>=8"),
                SearchField.compared(
                        "submitted", Kind.INSTANT, Index.ALL, "Time of the submission", "submitted:>2026-01-31"),
                SearchField.compared("started", Kind.INSTANT, Index.NONE, "Start of the attempt", "started:<10m"),
                SearchField.compared("finished", Kind.INSTANT, Index.NONE, "End of the task", "finished:>1h"),
                SearchField.compared("eta", Kind.INSTANT, Index.NONE, "Earliest start", "eta:>2026-01-31"),
                SearchField.compared(
                        "partition", Kind.NUMBER, Index.NONE, "Partition of the task's record", "partition:3"),
                SearchField.compared("offset", Kind.NUMBER, Index.NONE, "Offset of the task's record", "offset:>100")));
    }

    private static List<String> names(Enum<?>[] words) {
        return Arrays.stream(words).map(Enum::name).toList();
    }

    /** All fields. */
    public FieldCatalogue catalogue() {
        return catalogue;
    }

    /** Paths of the arguments that searches find by an index. */
    public Set<String> indexedArguments() {
        return indexedArguments;
    }

    /**
     * Reads a search, with relative times counted from the last whole second, so that readers within a second ask the same.
     *
     * @throws SearchException when it cannot be read
     */
    public Query query(String text) {
        return catalogue.parse(text, clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * Reads a search as a condition, with relative times counted from the last whole second.
     *
     * @param text null or blank: every task
     * @throws SearchException when it cannot be read
     */
    public TaskCondition condition(@Nullable String text) {
        return text == null ? TaskCondition.all() : condition(text, query(text));
    }

    /**
     * A search as a condition.
     *
     * @param text of the search, for errors
     * @throws SearchException when an argument has a path that cannot be
     */
    public TaskCondition condition(String text, Query query) {
        if (query instanceof Query.And and) {
            return new TaskCondition.And(
                    and.parts().stream().map(part -> condition(text, part)).toList());
        }
        if (query instanceof Query.Or or) {
            return new TaskCondition.Or(
                    or.parts().stream().map(part -> condition(text, part)).toList());
        }
        if (query instanceof Query.Not not) {
            return new TaskCondition.Not(condition(text, not.part()));
        }
        if (query instanceof Query.FreeText free) {
            return new TaskCondition.Contains(free.text());
        }
        return query instanceof Query.Term term ? term(text, term) : TaskCondition.all();
    }

    /** True when an index knows the term's field. */
    boolean isIndexed(Query.Term term) {
        return catalogue.of(term).isIndexed(term.path());
    }

    private static TaskCondition term(String text, Query.Term term) {
        var name = term.field();
        var column = TEXTS.get(name);
        if (column != null) {
            return new TaskCondition.Text(column, match(term.value()));
        }
        var number = NUMBERS.get(name);
        if (number != null) {
            return new TaskCondition.Numeric(
                    number, comparison(term), term.value() instanceof Value.Whole whole ? whole.number() : null);
        }
        var time = TIMES.get(name);
        if (time != null) {
            Instant instant = term.value() instanceof Value.Moment moment ? moment.instant() : null;
            return new TaskCondition.Time(time, comparison(term), instant);
        }
        return switch (name) {
            case "label." -> new TaskCondition.Label(term.path(), match(term.value()));
            case "args." -> new TaskCondition.Argument(path(text, term), match(term.value()));
            case "error" -> new TaskCondition.Failed(term.value() instanceof Value.Text part ? part.text() : null);
            case "took" -> {
                Duration length = term.value() instanceof Value.Span span ? span.length() : null;
                yield new TaskCondition.RunTime(comparison(term), length);
            }
            default -> throw new IllegalArgumentException("no field " + name);
        };
    }

    private static ArgumentPath path(String text, Query.Term term) {
        try {
            return ArgumentPath.parse(term.path());
        } catch (IllegalArgumentException e) {
            throw new SearchException(
                    text, Math.min(text.length(), term.position()), "the path of an argument " + e.getMessage());
        }
    }

    private static Match match(Value value) {
        if (value instanceof Value.Text text) {
            return text.prefix() ? new Match.Prefix(text.text()) : new Match.Whole(text.text());
        }
        return new Match.Any();
    }

    private static Comparison comparison(Query.Term term) {
        return switch (term.operator()) {
            case EQUAL -> Comparison.EQUAL;
            case LESS -> Comparison.LESS;
            case LESS_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
            case GREATER -> Comparison.GREATER;
            case GREATER_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
        };
    }
}
