package io.celeriac.results.count;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a transaction adds to the counters, and takes from them. Not safe for use by several threads. */
public final class CountChanges {

    private static final int RUN = 3;
    private static final int WAIT = RUN + DurationScale.BUCKETS;
    private static final List<String> COLUMNS = Stream.of(
                    Stream.of("tasks", "run_ms", "wait_ms"), buckets("run"), buckets("wait"))
            .flatMap(columns -> columns)
            .toList();

    /** Adds to a row, or begins one. Its parameters are {@link #rows()}. */
    public static final String SQL = "INSERT INTO task_count (minute, queue, task, state, "
            + String.join(", ", COLUMNS) + ") VALUES (?, ?, ?, ?, "
            + COLUMNS.stream().map(column -> "?").collect(joining(", ")) + ") ON DUPLICATE KEY UPDATE "
            + COLUMNS.stream()
                    .map(column -> column + " = " + column + " + VALUES(" + column + ")")
                    .collect(joining(", "));

    private final TreeMap<CountKey, long[]> changes = new TreeMap<>();

    private static Stream<String> buckets(String name) {
        return IntStream.range(0, DurationScale.BUCKETS).mapToObj(bucket -> column(name, bucket));
    }

    static String column(String name, int bucket) {
        return String.format("%s_%02d", name, bucket);
    }

    /** Counts a task that has ended. */
    public void add(EndedTask ended) {
        add(ended, 1);
    }

    /** Takes back a task that was counted, because another takes its row. */
    public void remove(EndedTask ended) {
        add(ended, -1);
    }

    private void add(EndedTask ended, int sign) {
        var change = changes.computeIfAbsent(ended.key(), key -> new long[COLUMNS.size()]);
        change[0] += sign;
        change[1] += sign * millis(ended.run());
        change[2] += sign * millis(ended.waited());
        if (ended.run() != null) {
            change[RUN + DurationScale.bucket(ended.run())] += sign;
        }
        if (ended.waited() != null) {
            change[WAIT + DurationScale.bucket(ended.waited())] += sign;
        }
    }

    private static long millis(@Nullable Duration length) {
        return length == null ? 0 : Math.max(0, length.toMillis());
    }

    /** The parameters of {@link #SQL}, one array a row, in the order in which every program locks the rows. */
    public List<Object[]> rows() {
        return changes.entrySet().stream()
                .filter(change -> Arrays.stream(change.getValue()).anyMatch(number -> number != 0))
                .map(change -> Stream.concat(
                                Stream.of(
                                        change.getKey().minute(),
                                        change.getKey().queue(),
                                        change.getKey().task(),
                                        change.getKey().state()),
                                Arrays.stream(change.getValue()).boxed())
                        .toArray())
                .toList();
    }
}
