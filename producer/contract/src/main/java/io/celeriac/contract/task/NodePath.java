package io.celeriac.contract.task;

import io.celeriac.contract.rule.InvalidTaskException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The place of a node in its tree: the root is {@code 0}, and its second child {@code 0.1}. */
public final class NodePath {

    /** Path of the root. */
    public static final String ROOT = "0";

    /** The longest path: {@code Limits.WORKFLOW_DEPTH} levels with seven digits each. */
    public static final int MOST = 800;

    private static final Pattern PATTERN = Pattern.compile("0(\\.(0|[1-9][0-9]{0,6}))*");

    private NodePath() {}

    /** Checks a path. */
    public static String check(String field, String path) {
        if (path.length() > MOST || !PATTERN.matcher(path).matches()) {
            throw new InvalidTaskException(field, "must be the path of a node, such as 0.1");
        }
        return path;
    }

    public static String child(String path, int index) {
        return path + "." + index;
    }

    /** Path of the parent; null for the root. */
    public static @Nullable String parent(String path) {
        var dot = path.lastIndexOf('.');
        return dot < 0 ? null : path.substring(0, dot);
    }

    /** Levels down to the node, from 1 for the root. */
    public static int depth(String path) {
        return 1 + (int) path.chars().filter(at -> at == '.').count();
    }

    /** Index among the parent's children. */
    public static int index(String path) {
        return Integer.parseInt(path.substring(path.lastIndexOf('.') + 1));
    }
}
