package io.celeriac.contract.redaction;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The redaction rules of an installation, which add to those of the handlers: the settings {@code celeriac.redaction}, the same for
 * all programs. Immutable.
 *
 * @param rules in any order; a task has the secrets of all rules that match its name; null for none
 */
public record RedactionRules(@Nullable List<Rule> rules) {

    /** No rules. */
    public static final RedactionRules NONE = new RedactionRules(null);

    private static final Pattern TASK = Pattern.compile("[A-Za-z0-9_.:*-]{1,255}");
    private static final Pattern POSITION = Pattern.compile("\\d{1,6}");
    private static final String ALL = "*";

    /**
     * One rule, the settings {@code celeriac.redaction.rules[n]}.
     *
     * @param task name of the tasks that it concerns; {@code *} stands for any characters
     * @param args the secret arguments: indexes into {@code args} from 0, names of {@code kwargs}, or {@code *} for all. A worker
     *     that has the handler translates indexes into names and names into indexes; null for none
     * @param result true: the result is secret
     */
    public record Rule(@Nullable String task, @Nullable List<String> args, boolean result) {

        private boolean matches(String name) {
            return task != null && matches(task, name);
        }

        /**
         * Matches greedily from star to star, without backtracking: a regular expression with many stars would take for ever on some
         * names.
         */
        private static boolean matches(String wildcards, String name) {
            var parts = wildcards.split("\\*", -1);
            var last = parts[parts.length - 1];
            if (parts.length == 1) {
                return name.equals(last);
            }
            if (!name.startsWith(parts[0]) || !name.endsWith(last)) {
                return false;
            }
            var from = parts[0].length();
            for (int i = 1; i < parts.length - 1; i++) {
                var at = name.indexOf(parts[i], from);
                if (at < 0) {
                    return false;
                }
                from = at + parts[i].length();
            }
            return from <= name.length() - last.length();
        }

        private Redaction redaction() {
            var positions = new HashSet<Integer>();
            var names = new HashSet<String>();
            for (var argument : args()) {
                if (POSITION.matcher(argument).matches()) {
                    positions.add(Integer.valueOf(argument));
                } else {
                    names.add(argument);
                }
            }
            var all = names.remove(ALL);
            return new Redaction(positions, names, all, result, null);
        }

        @Override
        public List<String> args() {
            return args == null ? List.of() : args;
        }

        private void check(String setting) {
            if (task == null || !TASK.matcher(task).matches()) {
                throw new IllegalArgumentException(
                        setting + ".task must be the name of a task, in which * stands for any" + " characters, but is "
                                + (task == null ? "missing" : '"' + task + '"'));
            }
            if (args().stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException(
                        setting + ".args must be names or indexes of arguments, or *, but one is empty");
            }
            if (args().isEmpty() && !result) {
                throw new IllegalArgumentException(setting + " makes nothing secret: it needs " + setting + ".args or "
                        + setting + ".result=true");
            }
        }
    }

    public RedactionRules {
        rules = rules == null ? List.of() : List.copyOf(rules);
        for (int i = 0; i < rules.size(); i++) {
            rules.get(i).check("celeriac.redaction.rules[" + i + "]");
        }
    }

    /** True when there are no rules. */
    public boolean areNone() {
        return all().isEmpty();
    }

    /** The secret parts of the tasks of a name. */
    public Redaction of(String task) {
        return all().stream()
                .filter(rule -> rule.matches(task))
                .map(Rule::redaction)
                .reduce(Redaction.NONE, Redaction::and);
    }

    /** The result, redacted by the rules. */
    public TaskResult redact(TaskResult result) {
        return areNone() ? result : of(result.task()).redact(result);
    }

    /**
     * True when a task or a result, given as the value of its record, may hold a secret by the rules. It is also true when there are
     * rules and the record does not tell its name.
     */
    public boolean concern(byte @Nullable [] value) {
        return !areNone()
                && Optional.ofNullable(value)
                        .flatMap(TaskJson::nameIn)
                        .map(name -> !of(name).isNone())
                        .orElse(value != null);
    }

    private List<Rule> all() {
        return rules == null ? List.of() : rules;
    }
}
