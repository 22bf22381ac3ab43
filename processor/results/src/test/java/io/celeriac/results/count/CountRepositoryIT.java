package io.celeriac.results.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.TestData;
import io.celeriac.results.count.CountedTasks.Group;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class CountRepositoryIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private static HikariDataSource pool;
    private static CountRepository reader;

    /** In each of 30 minutes after noon, ten tasks of mail.send run 1 to 10 s, one of demo.add fails after 100 ms. */
    @BeforeAll
    static void fill() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        var tables = TestData.tables(pool);
        reader = new CountRepository(pool, tables);
        var writer = new MaterializedResultRepository(pool, tables);
        for (var minute = 0; minute < 30; minute++) {
            var now = minute;
            var results = IntStream.rangeClosed(0, 10)
                    .mapToObj(number -> number == 0
                            ? result("demo.add", "default", TaskState.FAILURE, now, 0, 100)
                            : result("mail.send", "mail", TaskState.SUCCESS, now, number, 1_000L * number))
                    .map(TestData::change)
                    .toList();
            writer.write(results, List.of());
        }
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static TaskResult result(String task, String queue, TaskState state, int minute, int number, long millis) {
        var end = NOON.plusSeconds(60L * minute + 30);
        var started = end.minusMillis(millis);
        return TaskResult.of(
                        Task.named(task)
                                .id(minute + "-" + number)
                                .submittedAt(started.minusMillis(500))
                                .build(),
                        queue,
                        state)
                .attempt(1)
                .startedAt(started)
                .finishedAt(end)
                .build();
    }

    @Test
    void addsUpAnyWindow() {
        var counted = reader.count(new CountQuery(NOON, NOON.plus(HOUR), Duration.ofMinutes(15), null, null));

        assertThat(counted.total().succeeded()).isEqualTo(300);
        assertThat(counted.total().failed()).isEqualTo(30);
        assertThat(counted.total().submitted()).isEqualTo(330);
        assertThat(counted.total().submittedPerSecond()).isCloseTo(330 / 3600.0, within(1e-9));
        assertThat(counted.total().perSecond()).isCloseTo(330 / 3600.0, within(1e-9));
        assertThat(counted.steps()).extracting(EndedTasks::succeeded).containsExactly(150L, 150L, 0L, 0L);
        assertThat(counted.steps().get(3)).isEqualTo(new EndedTasks(0, 0, 0, 0, 0, 0, null, null));
        assertThat(counted.queues()).extracting(Group::name).containsExactly("mail", "default");
        assertThat(counted.tasks()).extracting(Group::name).containsExactly("mail.send", "demo.add");
        var run = Objects.requireNonNull(counted.queues().get(0).ended().ran());
        assertThat(run.count()).isEqualTo(300);
        assertThat(run.mean()).isCloseTo(5.5, within(1e-9));
        assertThat(run.p50()).isBetween(4.0, 6.0);
        assertThat(run.p99()).isBetween(8.0, 12.0);
        var wait = Objects.requireNonNull(counted.total().waited());
        assertThat(wait.mean()).isCloseTo(0.5, within(1e-9));
        assertThat(wait.p95()).isBetween(0.4, 0.6);
    }

    @Test
    void selectsAQueueAndATask() {
        var mail = reader.count(new CountQuery(NOON, NOON.plus(HOUR), HOUR, Set.of("mail"), null));
        var none = reader.count(new CountQuery(NOON, NOON.plus(HOUR), HOUR, Set.of("mail"), "demo.add"));

        assertThat(mail.total().failed()).isZero();
        assertThat(mail.total().succeeded()).isEqualTo(300);
        assertThat(none.total()).isEqualTo(new EndedTasks(0, 0, 0, 0, 0, 0, null, null));
        assertThat(none.queues()).isEmpty();
        assertThat(reader.count(new CountQuery(NOON, NOON.plus(HOUR), HOUR, Set.of("mail", "default"), null))
                        .queues())
                .extracting(Group::name)
                .containsExactly("mail", "default");
        assertThat(reader.count(new CountQuery(NOON, NOON.plus(HOUR), HOUR, Set.of("mail ", "ma"), null))
                        .queues())
                .isEmpty();
    }

    @Test
    void readsALongSpanFromHoursAndTheMinutesAtItsEdges() {
        var from = NOON.minus(Duration.ofMinutes(50));
        var query = new CountQuery(from, from.plus(Duration.ofMinutes(7 * 60 + 55)), Duration.ofMinutes(5), null, null);
        var later = new CountQuery(
                NOON.plus(Duration.ofMinutes(20)), NOON.plus(Duration.ofHours(8)), Duration.ofMinutes(20), null, null);
        var hours =
                new CountQuery(NOON.minus(HOUR), NOON.plus(HOUR.multipliedBy(11)), HOUR.multipliedBy(2), null, null);

        assertThat(reader.count(query).queues())
                .extracting(group -> group.ended().succeeded())
                .containsExactly(300L, 0L);
        assertThat(reader.count(later).queues())
                .extracting(group -> group.ended().succeeded() + group.ended().failed())
                .containsExactly(100L, 10L);
        assertThat(reader.count(hours).steps())
                .extracting(EndedTasks::succeeded)
                .containsExactly(300L, 0L, 0L, 0L, 0L, 0L);
        assertThat(reader.count(hours).total().submitted()).isEqualTo(330);
    }

    /** Rows by the hour that no minute agrees with show where a number comes from. */
    @Test
    void readsTheHoursOfALongSpanByTheHour() {
        var marked = NOON.minus(Duration.ofDays(2));
        var mark = new CountChanges();
        var end = LocalDateTime.ofInstant(marked, ZoneOffset.UTC);
        mark.add(EndedTask.of("marked", "t", "SUCCESS", new EndedTask.Times(1, end, null, end, end)));
        mark.hours(0).forEach(row -> new JdbcTemplate(pool).update(CountChanges.HOURS, row));
        var queues = Set.of("marked");

        assertThat(reader.count(new CountQuery(
                                marked.minus(HOUR), marked.plus(HOUR.multipliedBy(6)), HOUR, queues, null))
                        .steps())
                .extracting(EndedTasks::succeeded)
                .containsExactly(0L, 1L, 0L, 0L, 0L, 0L, 0L);
        assertThat(reader.count(new CountQuery(marked, marked.plus(HOUR.multipliedBy(6)), HOUR, queues, null))
                        .total()
                        .succeeded())
                .isZero();
        assertThat(reader.count(new CountQuery(
                                marked.plusSeconds(60), marked.plus(HOUR.multipliedBy(8)), HOUR, queues, null))
                        .queues())
                .isEmpty();
    }
}
