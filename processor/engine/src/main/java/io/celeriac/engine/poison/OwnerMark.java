package io.celeriac.engine.poison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.engine.poison.Trace.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The last record of a partition's owner in the changelog.
 *
 * <p>It says whether the owner left the partition in peace, and otherwise what it was running. When the owner did not, its process has
 * died or was lost, and the tasks that it ran may be the cause.
 *
 * <p>The mark is text: a line with the process, a line that says whether it has left, a line for the id of each running task, and then
 * lines that begin with a tab. No id contains a tab, so a worker that does not know these lines takes them for tasks that are gone.
 *
 * @param process of the owner: a process that takes its own partition back has not died
 * @param left whether nothing runs any more
 * @param running ids of the tasks that run
 * @param near ids of the tasks that do not run, and may begin before the next mark
 * @param trials trials that are on in the process, of suspects of any partition
 * @param suspects unfinished tasks of the partition that may have killed a process, whether they run, wait or are elsewhere
 */
public record OwnerMark(
        String process, boolean left, Set<String> running, Set<String> near, Trials trials, List<Trace> suspects) {

    private static final String LEFT = "left";
    private static final String OPEN = "open";
    private static final String SEPARATOR = "\n"; // in no id
    private static final String MORE = "\t"; // in no id either
    private static final String NEAR = MORE + "near" + MORE;
    private static final String TRIALS = MORE + "trials" + MORE;

    public OwnerMark {
        running = Set.copyOf(running);
        near = Set.copyOf(near);
        suspects = List.copyOf(suspects);
    }

    public byte[] bytes() {
        var lines = new ArrayList<>(List.of(process, left ? LEFT : OPEN));
        lines.addAll(new TreeSet<>(running));
        new TreeSet<>(near).forEach(id -> lines.add(NEAR + id));
        lines.add(TRIALS + trials);
        suspects.forEach(trace -> lines.add(MORE + trace.line(MORE)));
        return String.join(SEPARATOR, lines).getBytes(UTF_8);
    }

    public static OwnerMark of(byte[] bytes) {
        var lines = List.of(new String(bytes, UTF_8).split(SEPARATOR));
        var ids = lines.subList(2, lines.size());
        return new OwnerMark(
                lines.get(0),
                lines.get(1).equals(LEFT),
                ids.stream().filter(line -> !line.startsWith(MORE)).collect(Collectors.toSet()),
                ids.stream()
                        .filter(line -> line.startsWith(NEAR))
                        .map(line -> line.substring(NEAR.length()))
                        .collect(Collectors.toSet()),
                Arrays.stream(Trials.values())
                        .filter(trials -> ids.contains(TRIALS + trials))
                        .findFirst()
                        .orElse(Trials.NONE),
                ids.stream()
                        .filter(line -> line.startsWith(MORE))
                        .flatMap(OwnerMark::traces)
                        .toList());
    }

    /** Empty for a line of a later version that this version does not know. */
    private static Stream<Trace> traces(String line) {
        return Trace.of(line.substring(MORE.length()), MORE).stream();
    }
}
