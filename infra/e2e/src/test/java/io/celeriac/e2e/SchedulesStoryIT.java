package io.celeriac.e2e;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the guides tell of schedules, against the real programs. */
class SchedulesStoryIT {

    private static final Duration SOON = ofSeconds(40);

    @TempDir
    private static Path directory;

    private static Installation celeriac;

    @BeforeAll
    static void start() {
        celeriac = Installation.begin(directory, "--celeriac.worker.concurrency=16")
                .with(
                        ReportsApplication.class,
                        "--spring.application.name=reports",
                        "--celeriac.worker.queues=reports",
                        "--spring.flyway.enabled=false")
                .awaitHealthy();
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) { // it may not have started
            celeriac.close();
        }
    }

    @Test
    void previewsEveryKind() {
        assertThat(preview("""
                {"kind": "crontab", "expression": "30 2 * * *", "timezone": "Europe/Berlin", "after": "2026-03-28T00:00:00Z"}"""))
                .as("02:30 does not exist on the 29th")
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(preview("""
                {"kind": "interval", "every": "PT3S", "startAt": "2027-01-01T00:00:00Z", "endAt": "2027-01-01T00:00:05Z"}"""))
                .as("two until its end")
                .containsExactly("2027-01-01T00:00:00Z", "2027-01-01T00:00:03Z");
        assertThat(preview("""
                {"kind": "clocked", "at": "2027-01-01T01:00:00+01:00", "after": "2026-03-28T00:00:00Z"}""")).as("in UTC").containsExactly("2027-01-01T00:00:00Z");
        assertThat(preview("""
                {"kind": "solar", "solar": {"event": "sunset", "latitude": 80, "longitude": 13.4}, "after": "2026-11-28T00:00:00Z"}"""))
                .as("the sun is up again in February")
                .hasSize(3)
                .first()
                .asString()
                .startsWith("2027-02-21T12:");
    }

    @Test
    void firesByIntervalAndAtAnInstant() {
        var at = InstantSource.system().instant().plusSeconds(6);
        make("""
                {"name": "once", "task": "demo.add", "args": [1], "kwargs": {"y": 2}, "kind": "clocked", "at": "%s"}""".formatted(at));
        make("""
                {"name": "thrice", "task": "demo.noop", "args": [7], "kind": "interval", "every": "PT1S", "remaining": 3,
                 "catchUp": "all"}""");

        awaitSuccesses("once", 1);
        awaitSuccesses("thrice", 3);

        var once = runs("once").get(0);
        assertThat(once.fireTime()).isEqualTo(micros(at));
        assertThat(once.submittedAt()).isAfterOrEqualTo(micros(at));
        assertThat(once.result()).isEqualTo("3");
        assertThat(get("once").path("nextFireAt").isMissingNode()).isTrue();
        assertThat(gaps("thrice")).containsOnly(ofSeconds(1));
        assertThat(get("thrice").path("remaining").asInt()).isZero();
    }

    @Test
    void letsNoTwoRunsOverlapAndTellsWhy() {
        make("""
                {"name": "skip", "task": "demo.sleep", "args": [1.2], "kind": "interval", "every": "PT0.5S", "overlap": "skip"}""");
        make("""
                {"name": "buffer", "task": "demo.sleep", "args": [1.2], "kind": "interval", "every": "PT0.5S",
                 "overlap": "buffer_one"}""");
        make("""
                {"name": "cancel", "task": "demo.sleep", "args": [120], "kind": "interval", "every": "PT2S",
                 "overlap": "cancel_other"}""");

        await("runs and skips")
                .atMost(SOON)
                .until(() -> successes("skip") >= 3 && reasons("skip").size() >= 2);
        await("runs and skips")
                .atMost(SOON)
                .until(() -> successes("buffer") >= 3 && reasons("buffer").size() >= 2);
        await("cancelled runs").atMost(SOON).until(() -> ended("cancel").size() >= 2);
        Stream.of("skip", "buffer", "cancel").forEach(SchedulesStoryIT::pause);

        assertThat(reasons("skip")).contains("an earlier firing had not ended");
        assertThat(reasons("buffer")).contains("an earlier firing had not ended, and another waited for it");
        assertOneAfterTheOther("skip");
        assertOneAfterTheOther("buffer");
        assertOneAfterTheOther("cancel");
        assertThat(ended("cancel")).extracting(Run::state).containsOnly("REVOKED");
        runs("cancel").stream()
                .filter(run -> run.finishedAt() == null)
                .forEach(run -> Http.post(celeriac.api("/tasks/" + run.id() + "/revoke"), "{\"terminate\":true}"));
    }

    @Test
    void runsNowAndBackfillsARangeEachRunOnce() {
        make("""
                {"name": "leap", "task": "demo.noop", "args": [1], "kind": "crontab", "expression": "0 0 29 2 *",
                 "labels": {"of": "leap"}, "priority": 7}""");

        var now = Http.post(schedule("leap/fire"), "{}");
        assertThat(now.status()).isEqualTo(202);
        var range = "{\"from\":\"2000-01-01T00:00:00Z\",\"to\":\"2025-01-01T00:00:00Z\"}";
        var first = progressAtItsEnd(range);
        assertThat(first.path("emitted").asInt()).isEqualTo(7);
        assertThat(first.path("skipped").asInt()).isZero();
        awaitSuccesses("leap", 8);
        var second = progressAtItsEnd(range);
        assertThat(second.path("emitted").asInt()).isZero();
        assertThat(second.path("skipped").asInt()).isEqualTo(7);

        assertThat(runs("leap").stream().limit(7).map(Run::fireTime))
                .containsExactlyElementsOf(Stream.of(2000, 2004, 2008, 2012, 2016, 2020, 2024)
                        .map(year -> LocalDateTime.of(year, 2, 29, 0, 0))
                        .toList());
        assertThat(runs("leap")).hasSize(8);
        assertThat(runs("leap").get(7).id()).isEqualTo(now.text("id"));
        assertThat(celeriac.rows("SELECT labels, priority FROM v_task_result WHERE schedule_name = 'leap'"))
                .allSatisfy(row -> assertThat(row.toString()).contains("\"of\":\"leap\"", "priority=7"));
        assertThat(get("leap").path("totalFires").asInt()).as("the rhythm").isZero();
    }

    /** What is waited for here comes well before the old time, which is an hour away. */
    @Test
    void followsTheTableWhoeverWritesIt() {
        celeriac.execute("""
                INSERT INTO schedule (name, task, args, kind, spec)
                VALUES ('rows', 'demo.noop', '[1]', 'interval', '{"every": "PT1H"}')""");
        await("the inserted row is planned")
                .atMost(SOON)
                .until(() -> !get("rows").path("nextFireAt").isMissingNode());
        assertThat(runs("rows")).isEmpty();

        celeriac.execute("""
                UPDATE schedule SET spec = '{"every": "PT0.2S"}', version = version + 1 WHERE name = 'rows'""");
        awaitSuccesses("rows", 2);

        celeriac.execute("DELETE FROM schedule WHERE name = 'rows'");
        assertThat(Http.get(schedule("rows")).status()).isEqualTo(404);
        var gone = InstantSource.system().instant();
        await("no more runs")
                .atMost(SOON)
                .during(ofSeconds(2))
                .until(() -> celeriac.rows(
                                "SELECT id FROM v_task_result WHERE schedule_name = 'rows' AND submitted_at > ?",
                                micros(gone).plusSeconds(1))
                        .isEmpty());
    }

    @Test
    void firesWhatAWorkerDeclaresInItsCode() {
        await("declared")
                .atMost(SOON)
                .until(() -> Http.get(schedule("report-nightly")).status() == 200);
        awaitSuccesses("report-often", 2);

        assertThat(get("report-nightly").path("timezone").asString()).isEqualTo("Europe/Berlin");
        assertThat(get("report-nightly").path("nextFireAt").asString()).matches(".*T0[23]:00:00Z");
        assertThat(runs("report-often").get(0).result()).isEqualTo("\"wrote new\"");
        assertThat(get("report-often").path("queue").asString()).isEqualTo("reports");
        assertThat(celeriac.rows("SELECT name FROM schedule_declared WHERE source = 'reports' AND remark IS NULL"))
                .hasSize(2);
    }

    @Test
    void importsFromDjangoCeleryBeatAndFires() throws IOException, SQLException {
        var django = celeriac.databaseServer().createDatabase();
        fill(django);
        var environment = new HashMap<>(celeriac.environment());
        environment.put("SOURCE_DATASOURCE_PASSWORD", django.password());

        var done = Command.run(
                "infra/import-django-celery-beat",
                List.of("--source-url=" + django.jdbcUrl(), "--source-user=" + django.username()),
                environment,
                directory.resolve("import.log"));

        assertThat(done.output()).contains("2 tasks: 1 imported, 0 updated", "1 not imported", "args cannot be read");
        assertThat(done.exitCode()).as("one could not be imported").isEqualTo(1);
        awaitSuccesses("Every-second", 2);
        assertThat(runs("Every-second").get(0).result()).isEqualTo("5");
    }

    /**
     * A scheduler may die between sending a task and writing that down, or before either: the next one must make up for what is
     * missing, and what it sends again must not run again.
     */
    @Test
    void losesAndDoublesNoRunWhenTheSchedulerIsKilled() {
        make("""
                {"name": "steady", "task": "demo.noop", "args": [1], "kind": "interval", "every": "PT0.05S", "catchUp": "all"}""");
        awaitSuccesses("steady", 40);

        celeriac.scheduler().kill();
        celeriac.scheduler().restart().awaitHealthy();
        await("missed runs are caught up").atMost(SOON).until(() -> firings("steady", "caught_up") > 0);
        var caughtUp = successes("steady");
        awaitSuccesses("steady", caughtUp + 40);
        pause("steady");
        await("all have ended")
                .atMost(SOON)
                .until(() -> ended("steady").size() == firings("steady", "timed") + firings("steady", "caught_up"));

        assertThat(runs("steady")).allSatisfy(run -> assertThat(run.state()).isEqualTo("SUCCESS"));
        assertThat(gaps("steady")).containsOnly(Duration.ofMillis(50));
        assertThat(celeriac.resultRecords().values().stream()
                        .flatMap(List::stream)
                        .filter(record -> record.contains("\"steady\"") && record.contains("\"SUCCESS\"")))
                .hasSameSizeAs(runs("steady"));
    }

    private static void make(String json) {
        assertThat(Http.post(celeriac.api("/schedules"), json).status()).isEqualTo(201);
    }

    private static void pause(String name) {
        assertThat(Http.post(schedule(name + "/pause"), "{}").status()).isEqualTo(200);
    }

    private static String schedule(String path) {
        return celeriac.api("/schedules/" + path);
    }

    private static JsonNode get(String name) {
        var answer = Http.get(schedule(name));
        assertThat(answer.status()).as(name).isEqualTo(200);
        return answer.body();
    }

    private static List<String> preview(String json) {
        var answer = Http.post(celeriac.api("/schedules/preview?count=3"), json);
        assertThat(answer.text("description")).isNotBlank();
        return answer.body().path("fires").valueStream().map(JsonNode::asString).toList();
    }

    /** Asks for a backfill, and waits until its progress tells that all of it is done. */
    private static JsonNode progressAtItsEnd(String range) {
        var id = Http.post(schedule("leap/backfill"), range).text("id");
        return await("backfill " + range)
                .atMost(SOON)
                .until(
                        () -> Http.get(schedule("leap/backfills/" + id)).body(),
                        progress -> progress.path("state").asString().equals("done")
                                && progress.path("emitted").asInt()
                                                + progress.path("skipped").asInt()
                                        == progress.path("total").asInt());
    }

    private static void awaitSuccesses(String schedule, int atLeast) {
        await(schedule + " has run")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(successes(schedule)).isGreaterThanOrEqualTo(atLeast));
    }

    private static int successes(String schedule) {
        return (int) runs(schedule).stream()
                .filter(run -> run.state().equals("SUCCESS"))
                .count();
    }

    /** Its runs that have ended, in the order of their fire times. */
    private static List<Run> ended(String schedule) {
        return runs(schedule).stream().filter(run -> run.finishedAt() != null).toList();
    }

    /** Its runs in the order of their fire times. */
    private static List<Run> runs(String schedule) {
        return celeriac
                .rows(
                        "SELECT id, schedule_fire_time, state, result, submitted_at, finished_at FROM v_task_result"
                                + " WHERE schedule_name = ? ORDER BY schedule_fire_time",
                        schedule)
                .stream()
                .map(Run::of)
                .toList();
    }

    /** Why runs of it were skipped, each reason as often as the history tells it. */
    private static List<String> reasons(String schedule) {
        return Http.get(schedule(schedule + "/firings?limit=200"))
                .body()
                .path("items")
                .valueStream()
                .filter(firing -> firing.path("kind").asString().equals("skipped"))
                .map(firing -> firing.path("reason").asString())
                .toList();
    }

    private static long firings(String schedule, String kind) {
        return celeriac.rows(
                        "SELECT f.fire_time FROM schedule_firing f JOIN schedule s ON s.id = f.schedule_id"
                                + " WHERE s.name = ? AND f.kind = ?",
                        schedule,
                        kind)
                .size();
    }

    private static Set<Duration> gaps(String schedule) {
        var times = runs(schedule).stream().map(Run::fireTime).toList();
        return IntStream.range(1, times.size())
                .mapToObj(i -> Duration.between(times.get(i - 1), times.get(i)))
                .collect(Collectors.toSet());
    }

    private static void assertOneAfterTheOther(String schedule) {
        var runs = runs(schedule);
        for (int i = 1; i < runs.size(); i++) {
            assertThat(runs.get(i).submittedAt())
                    .as(schedule)
                    .isAfterOrEqualTo(runs.get(i - 1).finishedAt());
        }
    }

    /** A database as Django has it, with a task for every second and one that nobody can read. */
    private static void fill(TestDatabase django) throws IOException, SQLException {
        var tables = Path.of(
                System.getProperty("celeriac.project"),
                "scheduler/django-import/src/test/resources/djangoimport/2.8.sql");
        try (var connection = DriverManager.getConnection(django.jdbcUrl(), django.username(), django.password());
                var statement = connection.createStatement()) {
            for (var sql : Files.readString(tables).split(";\n", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
            statement.execute("INSERT INTO django_celery_beat_intervalschedule VALUES (1, 1, 'seconds')");
            statement.execute("""
                    INSERT INTO django_celery_beat_periodictask
                      (name, task, args, kwargs, enabled, total_run_count, date_changed, description, interval_id, one_off, headers)
                    VALUES ('Every second', 'demo.add', '[2]', '{"y": 3}', 1, 9, '2026-01-01', '', 1, 0, '{}'),
                      ('unreadable', 'demo.add', '[2', '{}', 1, 9, '2026-01-01', '', 1, 0, '{}')""");
        }
    }

    /** As the database has an instant. */
    private static LocalDateTime micros(Instant instant) {
        return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }

    /**
     * A task of a schedule; times are UTC.
     *
     * @param result JSON; null while there is none
     * @param finishedAt null while it has not ended
     */
    private record Run(
            String id,
            LocalDateTime fireTime,
            String state,
            @Nullable String result,
            LocalDateTime submittedAt,
            @Nullable LocalDateTime finishedAt) {

        static Run of(Map<String, Object> row) {
            return new Run(
                    (String) row.get("id"),
                    (LocalDateTime) row.get("schedule_fire_time"),
                    (String) row.get("state"),
                    (String) row.get("result"),
                    (LocalDateTime) row.get("submitted_at"),
                    (LocalDateTime) row.get("finished_at"));
        }
    }
}
