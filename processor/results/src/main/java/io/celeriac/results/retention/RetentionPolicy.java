package io.celeriac.results.retention;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.ResultsProperties.Retention;
import io.celeriac.results.ResultsProperties.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides from the settings which tasks may be deleted. */
final class RetentionPolicy {

    /**
     * How much is kept of the tasks of one name and state.
     *
     * @param time since their end, or since their submission where they have none; null for ever
     * @param rows the latest submitted; null for all
     */
    record Kept(@Nullable Duration time, @Nullable Long rows) {}

    private record PatternRule(Pattern task, @Nullable TaskState state, Kept kept) {

        boolean fits(String name, TaskState of) {
            return (state == null ? of.isFinal() : state == of)
                    && task.matcher(name).matches();
        }
    }

    private final List<PatternRule> rules = new ArrayList<>();

    RetentionPolicy(Retention settings) {
        settings.rules().stream().map(RetentionPolicy::compiled).forEach(rules::add);
        rules.add(compiled(new Rule("*", null, settings.keep(), settings.maxRows())));
    }

    /** How much of these tasks is kept. */
    Optional<Kept> of(String task, TaskState state) {
        return rules.stream()
                .filter(rule -> rule.fits(task, state))
                .map(PatternRule::kept)
                .findFirst();
    }

    /** The longest time that tasks are kept after their end; empty for ever. */
    Optional<Duration> longest() {
        var times = rules.stream()
                .filter(rule -> rule.state() == null || rule.state().isFinal())
                .map(rule -> rule.kept().time())
                .toList();
        return times.contains(null) ? Optional.empty() : times.stream().max(Duration::compareTo);
    }

    private static PatternRule compiled(Rule rule) {
        var regex =
                Arrays.stream(rule.task().split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return new PatternRule(Pattern.compile(regex), rule.state(), new Kept(rule.keep(), rule.maxRows()));
    }
}
