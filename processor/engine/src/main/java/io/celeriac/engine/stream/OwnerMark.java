package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The last word of a partition's owner in the changelog: whether it left the partition in peace, and else what it was running.
 * When the next owner finds that it did not, its process has died, or was lost, and whatever it ran may be the cause.
 *
 * @param process of the owner: one that revives its own partition has not died
 * @param left whether nothing runs any more
 * @param running ids of the tasks that run, or may begin before the next mark
 */
record OwnerMark(String process, boolean left, Set<String> running) {

    private static final String LEFT = "left";
    private static final String OPEN = "open";
    private static final String SEPARATOR = "\n"; // is in no id

    OwnerMark {
        running = Set.copyOf(running);
    }

    byte[] bytes() {
        var lines = new TreeSet<>(running);
        return (process + SEPARATOR + (left ? LEFT : OPEN) + SEPARATOR + String.join(SEPARATOR, lines)).getBytes(UTF_8);
    }

    static OwnerMark of(byte[] bytes) {
        var lines = List.of(new String(bytes, UTF_8).split(SEPARATOR));
        return new OwnerMark(lines.get(0), lines.get(1).equals(LEFT), Set.copyOf(lines.subList(2, lines.size())));
    }
}
