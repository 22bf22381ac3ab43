package io.celeriac.contract.redaction;

import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The secret parts of a task: the handler gets them, but they are never published. Immutable.
 *
 * <p>If the parameters of the handler are known, a secret parameter is secret by its position and by its name. Arguments without
 * a parameter are secret as well: one of them may be the secret under a misspelt name.
 *
 * @param positions indexes into {@code args}, from 0
 * @param names of {@code kwargs}
 * @param allArguments true: all of {@code args} and {@code kwargs} are secret
 * @param result true: the handler's return value is secret
 * @param parameters of the handler, in order; null when they are not known
 */
public record Redaction(
        Set<Integer> positions,
        Set<String> names,
        boolean allArguments,
        boolean result,
        @Nullable List<String> parameters) {

    /** Stands in place of a secret value. */
    public static final String MARK = "[secret]";

    /** Nothing is secret. */
    public static final Redaction NONE = new Redaction(Set.of(), Set.of(), false, false, null);

    /** All arguments are secret. */
    public static final Redaction ARGUMENTS = new Redaction(Set.of(), Set.of(), true, false, null);

    /** All arguments and the result are secret. */
    public static final Redaction ALL = new Redaction(Set.of(), Set.of(), true, true, null);

    private static final JsonNode MARKED = JsonNodeFactory.instance.stringNode(MARK);

    public Redaction {
        if (parameters != null) {
            parameters = List.copyOf(parameters);
            var byName = positionsOf(names, parameters);
            names = union(names, namesOf(positions, parameters));
            positions = union(positions, byName);
        }
        positions = Set.copyOf(positions);
        names = Set.copyOf(names);
    }

    private static Set<Integer> positionsOf(Set<String> names, List<String> parameters) {
        var positions = new HashSet<Integer>();
        for (int i = 0; i < parameters.size(); i++) {
            if (names.contains(parameters.get(i))) {
                positions.add(i);
            }
        }
        return positions;
    }

    private static Set<String> namesOf(Set<Integer> positions, List<String> parameters) {
        var names = new HashSet<String>();
        positions.stream()
                .filter(position -> position < parameters.size())
                .forEach(position -> names.add(parameters.get(position)));
        return names;
    }

    private static <T> Set<T> union(Set<T> some, Set<T> others) {
        var all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** The secrets of this and of the other together. */
    public Redaction and(Redaction other) {
        if (other.equals(NONE)) {
            return this;
        }
        return new Redaction(
                union(positions, other.positions),
                union(names, other.names),
                allArguments || other.allArguments,
                result || other.result,
                parameters == null ? other.parameters : parameters);
    }

    /** True when nothing is secret. */
    public boolean isNone() {
        return !result && !hasSecretArguments();
    }

    /** True when an argument can be secret. */
    public boolean hasSecretArguments() {
        return allArguments || !positions.isEmpty() || !names.isEmpty();
    }

    /** The same result with {@value #MARK} for each secret value, also where an error quotes it. Safe to repeat. */
    public TaskResult redact(TaskResult whole) {
        if (isNone()) {
            return whole;
        }
        var error = whole.error();
        return whole.with(
                redact(whole.args()),
                redact(whole.kwargs()),
                result && whole.result() != null ? MARKED : whole.result(),
                error == null ? null : secrets(whole.args(), whole.kwargs()).scrub(error));
    }

    /** The secret values among the arguments of a task. */
    public SecretValues secrets(Task task) {
        return secrets(task.args(), task.kwargs());
    }

    private SecretValues secrets(List<JsonNode> args, Map<String, JsonNode> kwargs) {
        if (!hasSecretArguments()) {
            return SecretValues.NONE;
        }
        Collection<JsonNode> secret = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            if (isSecret(i)) {
                secret.add(args.get(i));
            }
        }
        kwargs.forEach((name, value) -> {
            if (isSecret(name)) {
                secret.add(value);
            }
        });
        return SecretValues.in(secret);
    }

    private List<JsonNode> redact(List<JsonNode> args) {
        var redacted = new ArrayList<>(args);
        for (int i = 0; i < redacted.size(); i++) {
            if (isSecret(i)) {
                redacted.set(i, MARKED);
            }
        }
        return redacted;
    }

    private Map<String, JsonNode> redact(Map<String, JsonNode> kwargs) {
        var redacted = new LinkedHashMap<>(kwargs);
        redacted.replaceAll((name, value) -> isSecret(name) ? MARKED : value);
        return redacted;
    }

    private boolean isSecret(int position) {
        return allArguments
                || positions.contains(position)
                || (hasSecretArguments() && parameters != null && position >= parameters.size());
    }

    private boolean isSecret(String name) {
        return allArguments
                || names.contains(name)
                || (hasSecretArguments() && parameters != null && !parameters.contains(name));
    }
}
