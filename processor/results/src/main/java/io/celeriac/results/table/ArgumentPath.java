package io.celeriac.results.table;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.TaskResult;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The place of a value in the arguments of a task: {@code to} and {@code customer.id} name an argument, {@code 0} and {@code 0.id} one
 * by its position.
 *
 * @param parts without the dots; none of them is empty
 */
public record ArgumentPath(List<String> parts) {

    private static final int MOST_PARTS = 10;
    private static final int LONGEST = 255;

    public ArgumentPath {
        parts = List.copyOf(parts);
        if (parts.stream().anyMatch(String::isEmpty)
                || parts.size() > MOST_PARTS
                || String.join(".", parts).length() > LONGEST) {
            throw new IllegalArgumentException("must have 1 to " + MOST_PARTS + " names with dots between, and at most "
                    + LONGEST + " characters");
        }
    }

    /**
     * @throws IllegalArgumentException when it is not a path
     */
    public static ArgumentPath parse(String text) {
        return new ArgumentPath(List.of(text.split("\\.", -1)));
    }

    /** The text or number there, as the index has it; empty for objects, lists, null and secrets. */
    public Optional<String> of(TaskResult result) {
        var node = first(result);
        for (var part : parts.subList(1, parts.size())) {
            if (node != null) {
                node = node.isArray() && isPosition(part) ? node.get(Integer.parseInt(part)) : node.get(part);
            }
        }
        return node == null || !node.isValueNode() || node.isNull()
                ? Optional.empty()
                : Optional.of(node.isNumber() ? ArgumentValue.of(node.decimalValue()) : node.asString())
                        .filter(text -> !text.equals(Redaction.MARK));
    }

    private @Nullable JsonNode first(TaskResult result) {
        var part = parts.get(0);
        if (!isPositional()) {
            return result.kwargs().get(part);
        }
        var position = Integer.parseInt(part);
        return position < result.args().size() ? result.args().get(position) : null;
    }

    /** True when it is in {@code args}, false in {@code kwargs}. */
    public boolean isPositional() {
        return isPosition(parts.get(0));
    }

    /** The path in the notation of MySQL and MariaDB. */
    public String json() {
        var path = new StringBuilder("$");
        for (var part : parts) {
            if (isPosition(part)) {
                path.append('[').append(Integer.parseInt(part)).append(']');
            } else {
                path.append('.').append(TaskJson.MAPPER.writeValueAsString(part));
            }
        }
        return path.toString();
    }

    private static boolean isPosition(String part) {
        return part.length() <= 4 && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
