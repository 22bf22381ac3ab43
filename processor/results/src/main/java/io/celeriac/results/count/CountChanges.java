package io.celeriac.results.count;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a transaction adds to the counters, and takes from them. Not safe for use by several threads. */
public final class CountChanges {

    private static final int TASKS = 0;
    private static final int RUN_MILLIS = 1;
    private static final int WAIT_MILLIS = 2;
    private static final int RUN = 3;
    private static final int WAIT = RUN + DurationScale.BUCKETS;
    private static final List<String> COLUMNS = Stream.of(
                    Stream.of("tasks", "run_ms", "wait_ms"), buckets("run"), buckets("wait"))
            .flatMap(columns -> columns)
            .toList();

    /**
     * Slots of a counter. Each is a row; a transaction adds to one of them, and keeps it locked until its commit. So programs that
     * write at the same time rarely wait for each other.
     */
    public static final int SLOTS = 8;

    /** Adds to a row of a minute, or begins one. Its parameters are {@link #minutes}. */
    public static final String MINUTES = sql("task_count", "minute");

    /** Adds to a row of an hour, or begins one. Its parameters are {@link #hours}. */
    public static final String HOURS = sql("task_count_hour", "hour");

    /** Adds to a row of the failures of a minute, or begins one. Its parameters are {@link #failureMinutes}. */
    public static final String FAILURE_MINUTES = FailureChanges.sql("failure_count", "minute");

    /** Adds to a row of the failures of an hour, or begins one. Its parameters are {@link #failureHours}. */
    public static final String FAILURE_HOURS = FailureChanges.sql("failure_count_hour", "hour");

    private final TreeMap<CountKey, long[]> changes = new TreeMap<>();
    private final FailureChanges failures = new FailureChanges();

    private static String sql(String table, String time) {
        return "INSERT INTO " + table + " (" + time + ", queue, task, state, slot, " + String.join(", ", COLUMNS)
                + ") VALUES (?, ?, ?, ?, ?, "
                + COLUMNS.stream().map(column -> "?").collect(joining(", ")) + ") ON DUPLICATE KEY UPDATE "
                + COLUMNS.stream()
                        .map(column -> column + " = " + column + " + VALUES(" + column + ")")
                        .collect(joining(", "));
    }

    private static Stream<String> buckets(String name) {
        return IntStream.range(0, DurationScale.BUCKETS).mapToObj(bucket -> column(name, bucket));
    }

    static String column(String name, int bucket) {
        return String.format("%s_%02d", name, bucket);
    }

    /** Counts a submission. */
    public void addSubmitted(LocalDateTime submittedAt, String queue, String task) {
        changesOf(CountKey.ofSubmission(submittedAt, queue, task))[TASKS]++;
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
        var change = changesOf(ended.key());
        change[TASKS] += sign;
        change[RUN_MILLIS] += sign * millis(ended.run());
        change[WAIT_MILLIS] += sign * millis(ended.waited());
        if (ended.run() != null) {
            change[RUN + DurationScale.bucket(ended.run())] += sign;
        }
        if (ended.waited() != null) {
            change[WAIT + DurationScale.bucket(ended.waited())] += sign;
        }
        if (ended.cause() != null) {
            failures.add(ended.key(), ended.cause(), sign);
        }
    }

    private long[] changesOf(CountKey key) {
        return changes.computeIfAbsent(key, first -> new long[COLUMNS.size()]);
    }

    private static long millis(@Nullable Duration length) {
        return length == null ? 0 : Math.max(0, length.toMillis());
    }

    /**
     * The parameters of {@link #MINUTES}, one array a row, in the order in which every program locks the rows.
     *
     * @param slot which row of a counter to add to, from 0 to less than {@link #SLOTS}; any of them is right
     */
    public List<Object[]> minutes(int slot) {
        return rows(changes, slot);
    }

    /** The parameters of {@link #HOURS}, as {@link #minutes}. All programs lock the rows of minutes first. */
    public List<Object[]> hours(int slot) {
        var hours = new TreeMap<CountKey, long[]>();
        changes.forEach((key, numbers) -> {
            var sums = hours.computeIfAbsent(key.inItsHour(), first -> new long[COLUMNS.size()]);
            Arrays.setAll(sums, column -> sums[column] + numbers[column]);
        });
        return rows(hours, slot);
    }

    /** The parameters of {@link #FAILURE_MINUTES}, as {@link #minutes}. */
    public List<Object[]> failureMinutes(int slot) {
        return failures.minutes(slot);
    }

    /** The parameters of {@link #FAILURE_HOURS}, as {@link #minutes}. All programs lock the rows of minutes first. */
    public List<Object[]> failureHours(int slot) {
        return failures.hours(slot);
    }

    private static List<Object[]> rows(SortedMap<CountKey, long[]> changes, int slot) {
        return changes.entrySet().stream()
                .filter(change -> Arrays.stream(change.getValue()).anyMatch(number -> number != 0))
                .map(change -> Stream.concat(
                                Stream.of(
                                        change.getKey().time(),
                                        change.getKey().queue(),
                                        change.getKey().task(),
                                        change.getKey().state(),
                                        slot),
                                Arrays.stream(change.getValue()).boxed())
                        .toArray())
                .toList();
    }
}
