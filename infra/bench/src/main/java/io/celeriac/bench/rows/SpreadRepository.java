package io.celeriac.bench.rows;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Fills the tables inside the server, in the order in which tasks would have come.
 *
 * <pre>
 * id           UUIDv7 of the submission
 * task, queue  {@value #TASKS} and {@value #QUEUES} names, the k-th about as frequent as 1/k
 * state        96 % SUCCESS, 3 % FAILURE, 0.4 % REVOKED, 0.2 % each PENDING, STARTED, RETRY
 * time         even over {@value #DAYS} days
 * label        10 % have a tenant, one of {@value #TENANTS}
 * argument     the second one, a customer of {@value #CUSTOMERS}, is in the index of arguments as path {@value #ARGUMENT}
 * schedule     5 % have one, of {@value #SCHEDULES}
 * parent       of each 50, the first has emitted the next three
 * attempts     one of each task that has begun
 * </pre>
 *
 * <p>It can also make failed tasks only, and the counters that a materializer would have kept.
 */
public final class SpreadRepository {

    public static final int TASKS = 40;
    public static final int QUEUES = 5;
    public static final int DAYS = 30;
    public static final int TENANTS = 1_000;
    public static final int SCHEDULES = 20;
    public static final int CUSTOMERS = 1_000;

    /** The path of arguments that is indexed. */
    public static final String ARGUMENT = "1";

    private static final int CHUNK = 50_000;

    private static final String RESULTS = """
            INSERT INTO task_result (id, task, queue, state, attempt, revision, args, kwargs, result, error_type, error_message,
                error_stack_trace, reason, worker, record_partition, record_offset, priority, labels, parent_id, root_id,
                schedule_name, schedule_fire_time, submitted_at, started_at, finished_at, next_attempt_at)
            SELECT #ID(n)#, CONCAT('bench.task-', LPAD(task, 2, '0')), CONCAT('queue-', queue), state, begun,
                IF(state = 'PENDING', 0, 1), CONCAT('[', n, ',"customer-', LPAD(MOD(n * 7919, #CUSTOMERS#), 3, '0'), '","invoice"]'),
                '{"retry":true,"lang":"en"}', IF(state = 'SUCCESS', '"done"', NULL), error,
                IF(error IS NULL, NULL, CONCAT('no answer from host-', MOD(n, 50))),
                IF(error IS NULL, NULL, CONCAT(error, ': no answer', REPEAT('\\n\\tat io.celeriac.bench.Mail.send(Mail.java:41)', 12))),
                IF(state = 'REVOKED', 'REVOKED', NULL), IF(begun, CONCAT('bench-', MOD(n, 4), '-0a1b2c3d'), NULL),
                MOD(n, 8), n DIV 8, 5,
                IF(MOD(n, 10) = 7, CONCAT('{"tenant":"tenant-', MOD(n DIV 10, :tenants), '"}'), NULL), parent, parent,
                IF(MOD(n, 20) = 3, CONCAT('schedule-', MOD(n DIV 20, :schedules)), NULL), IF(MOD(n, 20) = 3, submitted_at, NULL),
                submitted_at, IF(begun, submitted_at + INTERVAL 4000 MICROSECOND, NULL),
                IF(state IN ('SUCCESS', 'FAILURE', 'REVOKED'), submitted_at + INTERVAL 90000 MICROSECOND, NULL),
                IF(state = 'RETRY', submitted_at + INTERVAL 1 HOUR, NULL)
            FROM (SELECT n, task, queue, state, state NOT IN ('PENDING', 'REVOKED') AS begun,
                    IF(state IN ('FAILURE', 'RETRY'), CONCAT('java.io.Exception', MOD(n, 5)), NULL) AS error,
                    IF(MOD(n, 50) BETWEEN 1 AND 3, #ID(n - MOD(n, 50))#, NULL) AS parent,
                    TIMESTAMP(:begin) + INTERVAL n * :step MICROSECOND AS submitted_at
                FROM (SELECT seq AS n, FLOOR(EXP(#RANDOM(9)# * LN(:tasks + 1))) AS task,
                        FLOOR(EXP(#RANDOM(17)# * LN(:queues + 1))) AS queue,
                        CASE FLOOR(#RANDOM(1)# * 500) #STATES# END AS state
                    FROM #SEQUENCE#) numbers) tasks""";

    private static final String ATTEMPTS = """
            INSERT INTO task_attempt (task_id, attempt, state, revision, worker, started_at, finished_at, next_attempt_at,
                error_type, error_message, error_stack_trace, task, error_origin)
            SELECT id, attempt, state, revision, worker, started_at,
                IF(state = 'STARTED', NULL, submitted_at + INTERVAL 90000 MICROSECOND), next_attempt_at, error_type, error_message,
                error_stack_trace, task, IF(error_type IS NULL, NULL, 'io.celeriac.bench.Mail.send(Mail.java:41)')
            FROM task_result WHERE id >= :first AND id < :behind AND attempt > 0""";

    private static final String LABELS = """
            INSERT INTO task_label (task_id, name, value, submitted_at)
            SELECT id, 'tenant', JSON_VALUE(labels, '$.tenant'), submitted_at
            FROM task_result WHERE id >= :first AND id < :behind AND labels IS NOT NULL""";

    private static final String ARGUMENTS = """
            INSERT INTO task_argument (task_id, name, value, submitted_at)
            SELECT id, '#ARGUMENT#', JSON_VALUE(args, '$[1]'), submitted_at
            FROM task_result WHERE id >= :first AND id < :behind""".replace("#ARGUMENT#", ARGUMENT);

    private static final int BUCKETS = 49;

    /** Of 86 ms, which each task ran. */
    private static final int RUN_BUCKET = 13;

    /** Of 4 ms, which each task waited. */
    private static final int WAIT_BUCKET = 5;

    /** Of a minute or an hour: what ended in it, and what was submitted in it. */
    private static final String COUNTERS = """
            INSERT INTO #TABLE# (#TIME#, queue, task, state, tasks, run_ms, wait_ms, #COLUMNS#)
            SELECT CAST(DATE_FORMAT(submitted_at, '#FORMAT#') AS DATETIME) AS time_of_submission, queue, task, state,
                COUNT(*), 86 * COUNT(started_at), 4 * COUNT(started_at), #COUNTS#
            FROM task_result
            WHERE submitted_at >= :from AND submitted_at < :to AND state IN ('SUCCESS', 'FAILURE', 'REVOKED')
            GROUP BY time_of_submission, queue, task, state
            UNION ALL
            SELECT CAST(DATE_FORMAT(submitted_at, '#FORMAT#') AS DATETIME) AS time_of_submission, queue, task, 'PENDING',
                COUNT(*), 0, 0, #ZEROS#
            FROM task_result
            WHERE submitted_at >= :from AND submitted_at < :to
            GROUP BY time_of_submission, queue, task""".replace("#COLUMNS#", buckets("run", -1) + ", " + buckets("wait", -1))
            .replace("#COUNTS#", buckets("run", RUN_BUCKET) + ", " + buckets("wait", WAIT_BUCKET))
            .replace("#ZEROS#", "0" + ", 0".repeat(2 * BUCKETS - 1));

    /** Of a minute or an hour: what failed in it, by the kind of its error. */
    private static final String FAILURES = """
            INSERT INTO #TABLE# (#TIME#, kind, slot, queue, task, error_type, error_origin, tasks, last_at)
            SELECT CAST(DATE_FORMAT(submitted_at, '#FORMAT#') AS DATETIME) AS time_of_submission,
                UNHEX(MD5(CONCAT_WS(CHAR(10 USING utf8mb4), queue, task, error_type, '#ORIGIN#'))), 0,
                queue, task, error_type, '#ORIGIN#', COUNT(*), MAX(finished_at)
            FROM task_result
            WHERE submitted_at >= :from AND submitted_at < :to AND state = 'FAILURE'
            GROUP BY time_of_submission, queue, task, error_type""".replace("#ORIGIN#", "io.celeriac.bench.Mail.send(Mail.java:41)");

    private static final List<String> ALL_COUNTERS = List.of(
            COUNTERS.replace("#TABLE#", "task_count")
                    .replace("#TIME#", "minute")
                    .replace("#FORMAT#", "%Y-%m-%d %H:%i:00"),
            COUNTERS.replace("#TABLE#", "task_count_hour")
                    .replace("#TIME#", "hour")
                    .replace("#FORMAT#", "%Y-%m-%d %H:00:00"),
            FAILURES.replace("#TABLE#", "failure_count")
                    .replace("#TIME#", "minute")
                    .replace("#FORMAT#", "%Y-%m-%d %H:%i:00"),
            FAILURES.replace("#TABLE#", "failure_count_hour")
                    .replace("#TIME#", "hour")
                    .replace("#FORMAT#", "%Y-%m-%d %H:00:00"));

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final int rows;
    private final boolean onlyFailures;
    private final Instant begin;
    private final long stepMicros;

    /**
     * @param rows how many there are to be
     * @param onlyFailures true: each is FAILURE
     * @param end of the time that they are spread over, in whole milliseconds
     */
    public SpreadRepository(DataSource database, int rows, boolean onlyFailures, Instant end) {
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.rows = rows;
        this.onlyFailures = onlyFailures;
        begin = end.minus(Duration.ofDays(DAYS));
        stepMicros = Duration.ofDays(DAYS).toMillis() * 1_000 / rows;
    }

    public static List<String> tasks() {
        return IntStream.rangeClosed(1, TASKS).mapToObj(SpreadRepository::task).toList();
    }

    /**
     * One of the names, as often as it is in the tables.
     *
     * @param random from 0 to 1
     */
    public static String task(double random) {
        return task(oneOf(TASKS, random));
    }

    private static String task(int number) {
        return String.format(Locale.ROOT, "bench.task-%02d", number);
    }

    /** As {@link #task(double)}. */
    public static String queue(double random) {
        return "queue-" + oneOf(QUEUES, random);
    }

    private static int oneOf(int names, double random) {
        return (int) Math.exp(random * Math.log(names + 1));
    }

    /** What the ids of the tasks begin with that were submitted at an instant. */
    public static String idPrefix(Instant at) {
        var millis = String.format(Locale.ROOT, "%012x", at.toEpochMilli());
        return millis.substring(0, 8) + "-" + millis.substring(8);
    }

    /**
     * Fills the tables.
     *
     * @param done told after each transaction how many are there
     */
    public void fill(IntConsumer done) {
        for (int first = 0; first < rows; first += CHUNK) {
            fill(first, Math.min(rows, first + CHUNK));
            done.accept(Math.min(rows, first + CHUNK));
        }
        for (var table : List.of("task_result", "task_attempt", "task_label", "task_argument")) {
            jdbc.sql("ANALYZE TABLE " + table).query().listOfRows();
        }
    }

    /** The columns of a histogram, or their values with everything in one bucket. */
    private static String buckets(String name, int filled) {
        return IntStream.range(0, BUCKETS)
                .mapToObj(bucket -> filled < 0
                        ? String.format(Locale.ROOT, "%s_%02d", name, bucket)
                        : bucket == filled ? "COUNT(started_at)" : "0")
                .collect(Collectors.joining(", "));
    }

    /** Fills the counters with what the tables have. */
    public void fillCounters() {
        var end = begin.plus(Duration.ofDays(DAYS)).plus(Duration.ofMinutes(1));
        for (var from = begin.truncatedTo(ChronoUnit.HOURS); from.isBefore(end); from = from.plus(Duration.ofDays(1))) {
            for (var sql : ALL_COUNTERS) {
                jdbc.sql(sql)
                        .param("from", LocalDateTime.ofInstant(from, ZoneOffset.UTC))
                        .param("to", LocalDateTime.ofInstant(from.plus(Duration.ofDays(1)), ZoneOffset.UTC))
                        .update();
            }
        }
        for (var table : List.of("task_count", "task_count_hour", "failure_count", "failure_count_hour")) {
            jdbc.sql("ANALYZE TABLE " + table).query().listOfRows();
        }
    }

    private void fill(int first, int behind) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql(results(first, behind))
                    .param("tasks", TASKS)
                    .param("queues", QUEUES)
                    .param("tenants", TENANTS)
                    .param("schedules", SCHEDULES)
                    .param("begin", LocalDateTime.ofInstant(begin, ZoneOffset.UTC))
                    .param("step", stepMicros)
                    .update();
            for (var sql : List.of(ATTEMPTS, LABELS, ARGUMENTS)) {
                jdbc.sql(sql)
                        .param("first", idPrefix(at(first)))
                        .param("behind", idPrefix(at(behind)))
                        .update();
            }
        });
    }

    private String results(int first, int behind) {
        return RESULTS.replace("#CUSTOMERS#", String.valueOf(CUSTOMERS))
                .replace("#ID(n)#", id("n"))
                .replace("#ID(n - MOD(n, 50))#", id("(n - MOD(n, 50))"))
                .replace("#SEQUENCE#", "seq_" + first + "_to_" + (behind - 1))
                .replace("#STATES#", states())
                .replaceAll("#RANDOM\\((\\d+)\\)#", "(CONV(SUBSTR(MD5(seq), $1, 8), 16, 10) / 4294967296)");
    }

    /** Of 500, how many are not SUCCESS. */
    private String states() {
        if (onlyFailures) {
            return "WHEN -1 THEN 'SUCCESS' ELSE 'FAILURE'";
        }
        var cases = new StringBuilder("WHEN 0 THEN 'PENDING' WHEN 1 THEN 'STARTED' WHEN 2 THEN 'RETRY'")
                .append(" WHEN 3 THEN 'REVOKED' WHEN 4 THEN 'REVOKED'");
        IntStream.range(5, 20)
                .forEach(number -> cases.append(" WHEN ").append(number).append(" THEN 'FAILURE'"));
        return cases.append(" ELSE 'SUCCESS'").toString();
    }

    private Instant at(long number) {
        return begin.plusNanos(number * stepMicros * 1_000);
    }

    /** The id of the row with a number, in SQL: what {@link #idPrefix} says of its submission, and digits of its hash. */
    private String id(String number) {
        var millis = "LPAD(LOWER(HEX(" + begin.toEpochMilli() + " + " + number + " * " + stepMicros
                + " DIV 1000)), 12, '0')";
        var hash = "MD5(" + number + ")";
        return "CONCAT(LEFT(" + millis + ", 8), '-', RIGHT(" + millis + ", 4), '-7', SUBSTR(" + hash
                + ", 1, 3), '-8', SUBSTR(" + hash + ", 4, 3), '-', SUBSTR(" + hash + ", 7, 12))";
    }
}
