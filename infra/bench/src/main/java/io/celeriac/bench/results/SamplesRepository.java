package io.celeriac.bench.results;

import io.celeriac.bench.rows.SpreadRepository;
import io.celeriac.results.query.TaskCursor;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is asked for, drawn at random from the tables; read from secondary indexes, so that no row is in memory because of it. */
final class SamplesRepository {

    private static final int RARE = 100;

    private final JdbcClient jdbc;
    private final Random random;
    private final Instant end;

    SamplesRepository(DataSource database, Random random, Instant end) {
        jdbc = JdbcClient.create(database);
        this.random = random;
        this.end = end;
    }

    /** A moment of the days over which the tasks are spread. */
    Instant moment() {
        return end.minusMillis((long)
                (random.nextDouble() * Duration.ofDays(SpreadRepository.DAYS).toMillis()));
    }

    /** Ids of tasks. */
    List<String> ids(int count) {
        return drawn(
                count,
                "SELECT id FROM task_result FORCE INDEX (task_result_by_time) WHERE submitted_at >= :at"
                        + " ORDER BY submitted_at LIMIT 1");
    }

    /** Ids of tasks that have emitted others. */
    List<String> parents(int count) {
        return drawn(
                count,
                "SELECT parent_id FROM task_result FORCE INDEX (task_result_by_parent) WHERE parent_id >= :prefix LIMIT 1");
    }

    private List<String> drawn(int count, String sql) {
        return some(count, () -> {
            var at = moment();
            return jdbc.sql(sql)
                    .param("at", LocalDateTime.ofInstant(at, ZoneOffset.UTC))
                    .param("prefix", SpreadRepository.idPrefix(at))
                    .query(String.class)
                    .optional();
        });
    }

    /** Where lists of all tasks go on behind so many rows, and up to a hundred more. */
    List<TaskCursor> cursors(int count, int rows) {
        return some(
                count,
                () -> jdbc.sql(
                                "SELECT submitted_at, id FROM task_result ORDER BY submitted_at DESC, id DESC LIMIT 1 OFFSET "
                                        + (rows + random.nextInt(RARE)))
                        .query((row, number) ->
                                new TaskCursor(row.getObject("submitted_at", LocalDateTime.class), row.getString("id")))
                        .optional());
    }

    private static <T> List<T> some(int count, Supplier<Optional<T>> one) {
        return Stream.generate(one).limit(count).flatMap(Optional::stream).toList();
    }
}
