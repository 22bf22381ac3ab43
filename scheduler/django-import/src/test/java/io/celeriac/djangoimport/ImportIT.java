package io.celeriac.djangoimport;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.rule.Crontab;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * A Django's database and ours. What is imported must be what beat would have fired, nothing may be lost without a word, and a
 * second run must neither change anything nor undo what a person did meanwhile.
 */
class ImportIT {

    private static final String SCHEDULES = """
            SELECT CONCAT_WS('|', name, task, args, kwargs, queue, priority, kind, spec, timezone, enabled, one_off, start_at, end_at,
              expires_after, description, created_by, updated_by, version) FROM schedule ORDER BY name""";

    private final TestDatabase source = TestStack.createDatabase();
    private final TestDatabase target = TestStack.createDatabase();
    private final HikariDataSource sourcePool = pool(source);
    private final HikariDataSource targetPool = pool(target);
    private final JdbcClient there = JdbcClient.create(sourcePool);
    private final JdbcClient here = JdbcClient.create(targetPool);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void lay() {
        lay("2.8");
    }

    private void lay(String version) {
        execute("djangoimport/" + version + ".sql");
        there.sql("INSERT INTO django_celery_beat_intervalschedule VALUES (1, 30, 'minutes'), (2, 500, 'microseconds')")
                .update();
        there.sql(
                        "INSERT INTO django_celery_beat_crontabschedule (id, minute, hour, day_of_week, day_of_month, month_of_year,"
                                + " timezone) VALUES (1, '0', '*/4', '1-5', '*', '*', 'Europe/Berlin')")
                .update();
        there.sql("INSERT INTO django_celery_beat_solarschedule VALUES (1, 'sunset', 52.500000, 13.400000)")
                .update();
        there.sql("INSERT INTO django_celery_beat_clockedschedule VALUES (1, '2999-01-01 00:00:00.123456')")
                .update();
    }

    private void execute(String script) {
        new ResourceDatabasePopulator(new ClassPathResource(script)).execute(sourcePool);
    }

    private void drop() {
        for (var table : List.of(
                "periodictask",
                "intervalschedule",
                "crontabschedule",
                "solarschedule",
                "clockedschedule",
                "periodictasks")) {
            there.sql("DROP TABLE django_celery_beat_" + table).update();
        }
    }

    @AfterEach
    void close() {
        sourcePool.close();
        targetPool.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.2", "2.8"})
    void importsEveryKind(String version) {
        drop();
        lay(version);
        insert(
                "every",
                "interval_id",
                "start_time = '2026-01-01 00:00:00.5', expire_seconds = 60, description = 'why'");
        insert(
                "cron",
                "crontab_id",
                "args = '[1, \"zwei\"]', kwargs = '{\"to\": \"ünï\"}', queue = 'mail', enabled = FALSE");
        insert("sun", "solar_id", "expires = '2999-06-01 00:00:00'");
        insert("once", "clocked_id", "one_off = TRUE, priority = 200");

        assertThat(run()).isZero();

        assertThat(schedules())
                .containsExactly(
                        "cron|proj.run|[1,\"zwei\"]|{\"to\":\"ünï\"}|mail|crontab|{\"crontab\":{\"minute\":\"0\",\"hour\":\"*/4\","
                                + "\"dayOfMonth\":\"*\",\"monthOfYear\":\"*\",\"dayOfWeek\":\"1-5\"}}|Europe/Berlin|0|0"
                                + BY,
                        "every|proj.run|[]|{}|default|interval|{\"every\":\"PT30M\"}|UTC|1|0|2026-01-01 00:00:00.500000|PT1M|why"
                                + BY,
                        "once|proj.run|[]|{}|default|9|clocked|{\"at\":\"2999-01-01T00:00:00.123456Z\"}|UTC|1|1" + BY,
                        "sun|proj.run|[]|{}|default|solar|{\"solar\":{\"event\":\"sunset\",\"latitude\":52.5,\"longitude\":13.4}}"
                                + "|UTC|1|0|2999-06-01 00:00:00.000000" + BY);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo("""
                imported      every every 30 minutes
                imported      cron  %s, paused
                imported      sun   at sunset at 52.5° N, 13.4° E
                              - expires is when it ends; a task that waits then still runs, which beat gave the same expiry
                imported      once  once at 2999-01-01 00:00:00.123456 UTC
                              - its priority 200 is 9 here, where 9 is the highest, as on RabbitMQ

                4 tasks: 4 imported, 0 updated, 0 unchanged, 0 left alone, 0 not needed, 0 not imported; 2 with remarks.
                """.formatted(Crontab.of("0", "*/4", "*", "*", "1-5").description()));
    }

    private static final String BY = "|import:django-celery-beat|import:django-celery-beat|1";

    @Test
    void doesWithoutColumnsThatAVersionDoesNotHave() {
        insert("a", "interval_id", "");
        for (var column : List.of("headers", "priority", "expire_seconds", "start_time")) {
            there.sql("ALTER TABLE django_celery_beat_periodictask DROP COLUMN " + column)
                    .update();
        }

        assertThat(run()).isZero();

        assertThat(schedules()).hasSize(1);
    }

    @Test
    void saysWhatItDoesNotImportAndGoesOn() throws Exception {
        insert("celery.backend_cleanup", "crontab_id", "task = 'celery.backend_cleanup'");
        insert("too fast", "interval_id", "interval_id = 2");
        insert("bad args", "interval_id", "args = '[1'");
        insert("no queue", "interval_id", "queue = 'Mail'");
        insert("no row", "interval_id", "interval_id = 99");
        insert("no rule", "interval_id", "interval_id = NULL");
        insert("no time", "interval_id", "start_time = '0000-00-00 00:00:00'");
        insert("good", "interval_id", "headers = '{\"a\": 1}', exchange = 'x', routing_key = 'y'");
        var report = folder.resolve("report.json");

        assertThat(run("--report=" + report)).isEqualTo(1);

        assertThat(schedules()).hasSize(1).allMatch(row -> row.startsWith("good|"));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("\nnot imported  too fast\n", "- every must be from PT0.01S to PT876000H, but is PT0.0005S\n")
                .endsWith(
                        "8 tasks: 1 imported, 0 updated, 0 unchanged, 0 left alone, 1 not needed, 6 not imported; 1 with remarks.\n");
        var json = TaskJson.MAPPER.readTree(Files.readString(report));
        assertThat(json.path("counts").path("not imported").asInt()).isEqualTo(6);
        assertThat(json.path("tasks").values())
                .extracting(task -> task.path("name").asString() + ": "
                        + task.path("remarks").path(0).asString())
                .containsExactly(
                        "celery.backend_cleanup: results are kept and deleted by celeriac.results.retention",
                        "too fast: every must be from PT0.01S to PT876000H, but is PT0.0005S",
                        "bad args: args cannot be read as JSON",
                        "no queue: queue must match [a-z0-9-]{1,80}, but is \"Mail\"; --queue-map gives it another name",
                        "no row: it has no schedule",
                        "no rule: it has no schedule",
                        "no time: start_time is no time: \"0000-00-00 00:00:00.000000\"",
                        "good: exchange x has no counterpart");
    }

    /** Whatever is wrong with one, and whoever finds out, the others are imported. */
    @Test
    void importsTheOthersWhateverIsWrongWithOne() {
        insert("huge number", "interval_id", "args = '[1e99999999999]'");
        insert("deep", "interval_id", "args = '" + "[".repeat(38) + "]".repeat(38) + "'");
        insert("very deep", "interval_id", "args = '" + "[".repeat(2_000) + "]".repeat(2_000) + "'");
        insert("halves", "interval_id", "args = '[\"\\\\ud83c\"]', kwargs = '{\"\\\\udf63\": 1}'");
        there.sql(
                        "INSERT INTO django_celery_beat_intervalschedule VALUES (3, 2147483647, 'days'), (4, 1, 'fortnights')")
                .update();
        insert("for ever", "interval_id", "interval_id = 3");
        insert("no period", "interval_id", "interval_id = 4");
        there.sql("ALTER TABLE django_celery_beat_periodictask MODIFY priority VARCHAR(40)")
                .update();
        insert("no number", "interval_id", "priority = '99999999999999999999'");
        insert("good", "interval_id", "");

        assertThat(run()).isEqualTo(1);

        assertThat(complained.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(schedules()).anyMatch(row -> row.startsWith("good|"));
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("8 tasks: ");
    }

    @Test
    void leavesOutWhatWouldNeverFireUnlessItIsDisabled() {
        there.sql("UPDATE django_celery_beat_clockedschedule SET clocked_time = '2020-01-01'")
                .update();
        insert("past", "clocked_id", "one_off = TRUE");
        insert("disabled", "clocked_id", "one_off = TRUE, enabled = FALSE");

        assertThat(run()).isEqualTo(1);

        assertThat(schedules()).hasSize(1).allMatch(row -> row.startsWith("disabled|"));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("- at must not have passed, but is 2020-01-01T00:00:00Z: it would never fire");
    }

    @Test
    void writesNothingInADryRun() {
        insert("old", "interval_id", "");
        assertThat(run()).isZero();
        insert("due", "interval_id", "");
        there.sql("UPDATE django_celery_beat_periodictask SET args = '[2]' WHERE name = 'old'")
                .update();
        var before = schedules();

        assertThat(run("--dry-run")).isZero();

        assertThat(schedules()).isEqualTo(before);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        updated       old every 30 minutes
                        imported      due every 30 minutes

                        2 tasks: 1 imported, 1 updated, 0 unchanged, 0 left alone, 0 not needed, 0 not imported; 0 with remarks.
                        This was a dry run: nothing is written.
                        """);
    }

    @Test
    void makesNoTablesInADryRun() {
        insert("a", "interval_id", "");

        assertThat(run("--dry-run")).isEqualTo(2);

        assertThat(here.sql("SHOW TABLES").query(String.class).list()).isEmpty();
        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("The schedules' database refused: ", "schedule");
    }

    @Test
    void changesNothingWhenRepeatedAndTakesOverWhatChangedThere() {
        insert("same", "interval_id", "last_run_at = '2026-01-01 00:00:00'");
        insert("other", "crontab_id", "");
        assertThat(run()).isZero();
        there.sql(
                        "UPDATE django_celery_beat_periodictask SET last_run_at = '2026-01-01 00:30:00.25', total_run_count = 9")
                .update();
        var before = schedules();

        assertThat(run()).isZero();
        assertThat(schedules()).isEqualTo(before);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("2 tasks: 0 imported, 0 updated, 2 unchanged,");

        there.sql("UPDATE django_celery_beat_periodictask SET enabled = FALSE WHERE name = 'other'")
                .update();
        assertThat(run()).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("2 tasks: 0 imported, 1 updated, 1 unchanged,");
        assertThat(here.sql("SELECT enabled FROM schedule WHERE name = 'other'")
                        .query(Boolean.class)
                        .single())
                .isFalse();
        assertThat(here.sql("SELECT version FROM schedule WHERE name = 'same'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void leavesAloneWhatSomebodyChangedHere() {
        insert("changed", "interval_id", "");
        insert("there.already", "interval_id", "");
        insert("same", "interval_id", "");
        assertThat(run()).isZero();
        here.sql("UPDATE schedule SET queue = 'mine', updated_by = 'ada' WHERE name = 'changed'")
                .update();
        here.sql(
                        "UPDATE schedule SET queue = 'mine', created_by = NULL, updated_by = NULL WHERE name = 'there.already'")
                .update();
        here.sql("UPDATE schedule SET updated_by = 'ada' WHERE name = 'same'").update();
        var before = schedules();

        assertThat(run()).isZero();

        assertThat(schedules()).isEqualTo(before);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("- it was changed here by ada at ")
                .contains("- a schedule of its name is here, last changed by somebody at ")
                .contains("3 tasks: 0 imported, 0 updated, 1 unchanged, 2 left alone,");

        assertThat(run("--overwrite")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("3 tasks: 0 imported, 2 updated, 1 unchanged, 0 left alone,");
        assertThat(here.sql("SELECT COUNT(*) FROM schedule WHERE queue = 'default'")
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void importsPausedUnderOtherNamesAndIntoOtherQueues() {
        insert("Nightly report", "interval_id", "queue = 'Mail', enabled = TRUE");

        assertThat(run("--paused", "--prefix=old:", "--queue-map=Mail=mail")).isZero();

        assertThat(here.sql("SELECT CONCAT_WS('|', name, queue, enabled, note, next_fire_at IS NOT NULL) FROM schedule")
                        .query(String.class)
                        .list())
                .containsExactly("old:Nightly-report|mail|0|paused by the import from django-celery-beat|1");
    }

    @Test
    void saysWhenItCannotBegin() {
        drop();
        assertThat(run()).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("the source has no table django_celery_beat_periodictask: it must be");

        assertThat(run("--pasued")).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("--pasued is not known here\n--help tells what there is.");

        assertThat(run("--source-password=hidden-word")).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("--source-password is not known here")
                .doesNotContain("hidden-word");

        assertThat(ImportApplication.run(
                        List.of("--source-url=u", "--source-user=u"), Map.of(), out(printed), out(complained)))
                .isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("SPRING_DATASOURCE_URL, _USERNAME and _PASSWORD must be set");

        assertThat(ImportApplication.run(List.of("--help"), Map.of(), out(printed), out(complained)))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("Usage: import-django-celery-beat");
    }

    @Test
    void saysWhichDatabaseIsAway() {
        var settings = new HashMap<>(settings(source.password()));
        settings.put("spring.datasource.url", "jdbc:mysql://127.0.0.1:1/celeriac");
        var arguments = List.of("--source-url=" + source.jdbcUrl(), "--source-user=" + source.username());

        assertThat(ImportApplication.run(arguments, settings, out(printed), out(complained)))
                .isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("SPRING_DATASOURCE_URL names: Connection refused");
    }

    @Test
    void neverTellsThePassword() {
        var arguments = List.of("--source-url=" + source.jdbcUrl(), "--source-user=nobody");

        assertThat(ImportApplication.run(arguments, settings("hidden-word"), out(printed), out(complained)))
                .isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("The source refused: Access denied")
                .doesNotContain("hidden-word");
    }

    private int run(String... more) {
        printed.reset();
        complained.reset();
        var arguments =
                new ArrayList<>(List.of("--source-url=" + source.jdbcUrl(), "--source-user=" + source.username()));
        arguments.addAll(Arrays.asList(more));
        return ImportApplication.run(arguments, settings(source.password()), out(printed), out(complained));
    }

    private Map<String, String> settings(String sourcePassword) {
        return Map.of(
                "source.datasource.password", sourcePassword,
                "spring.datasource.url", target.jdbcUrl(),
                "spring.datasource.username", target.username(),
                "spring.datasource.password", target.password());
    }

    private static PrintStream out(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private List<String> schedules() {
        return here.sql(SCHEDULES).query(String.class).list();
    }

    /**
     * @param kind the column that refers to its schedule, number 1
     * @param changes more assignments
     */
    private void insert(String name, String kind, String changes) {
        there.sql(
                        "INSERT INTO django_celery_beat_periodictask (name, task, args, kwargs, enabled, total_run_count, date_changed,"
                                + " description, one_off, headers, " + kind
                                + ") VALUES (:name, 'proj.run', '[]', '{}', TRUE, 0,"
                                + " '2026-01-01 00:00:00', '', FALSE, '{}', 1)")
                .param("name", name)
                .update();
        if (!changes.isEmpty()) {
            there.sql("UPDATE django_celery_beat_periodictask SET " + changes + " WHERE name = :name")
                    .param("name", name)
                    .update();
        }
    }

    private static HikariDataSource pool(TestDatabase database) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(1);
        // As a Django without strict mode may have left it: rows of zeros, and of schedules that are gone.
        pool.setConnectionInitSql("SET SESSION sql_mode = '', foreign_key_checks = 0");
        return pool;
    }
}
