package io.celeriac.schedule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.task.Task;
import io.celeriac.schedule.ScheduleDatabase;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.TaskTemplate;
import io.celeriac.schedule.rule.Clocked;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.testkit.TestStack;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScheduleFilterIT {

    private final ScheduleDatabase database = new ScheduleDatabase(TestStack.createDatabase(), "");

    @BeforeEach
    void createSome() {
        database.create("mail.a", each -> each.task(template("mail", "email.send", "tenant", "acme")));
        database.create(
                "mail.b",
                each -> each.task(template("mail", "email.send", "tenant", "Acme"))
                        .enabled(false));
        database.create("mail_c", each -> each.task(template("mail", "email.purge", "tenant", "a\"c")));
        database.create("once", each -> each.rule(new Clocked(Instant.parse("2027-01-01T00:00:00Z"))));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void findsByEachAndByAllTogether() {
        assertThat(names(filter("mail", null, null, null, null))).containsExactly("mail.a", "mail.b", "mail_c");
        assertThat(names(filter("mail_", null, null, null, null))).containsExactly("mail_c");
        assertThat(names(filter("%", null, null, null, null))).isEmpty();
        assertThat(names(filter("Mail", null, null, null, null))).isEmpty();
        assertThat(names(filter("mail!", null, null, null, null))).isEmpty();
        assertThat(names(filter(null, "email.send", null, null, null))).containsExactly("mail.a", "mail.b");
        assertThat(names(filter(null, null, "default", null, null))).containsExactly("once");
        assertThat(names(filter(null, null, null, "clocked", null))).containsExactly("once");
        assertThat(names(filter(null, null, null, null, false))).containsExactly("mail.b");
        assertThat(names(filter("mail", "email.send", "mail", "interval", true)))
                .containsExactly("mail.a");
        assertThat(names(filter("mail", "email.send", "mail", "crontab", true))).isEmpty();
    }

    @Test
    void findsThoseOfSeveralQueuesByName() {
        database.create("audit", each -> each.task(template("audit", "email.send", "tenant", "acme")));
        var two = new ScheduleFilter(null, null, Set.of("mail", "audit"), null, null, null, Map.of());

        assertThat(names(two)).containsExactly("audit", "mail.a", "mail.b", "mail_c");
        assertThat(database.schedules.list(two, "mail.a", 1).items())
                .extracting(ScheduleRow::name)
                .containsExactly("mail.b");
        assertThat(names(new ScheduleFilter(
                        null, null, Set.of("mail", "audit"), null, null, null, Map.of("tenant", "acme"))))
                .containsExactly("audit", "mail.a");
        assertThat(names(new ScheduleFilter(null, null, Set.of(), null, null, null, Map.of())))
                .isEmpty();
    }

    @Test
    void findsByLabels() {
        assertThat(names(labelled(Map.of("tenant", "acme")))).containsExactly("mail.a");
        assertThat(names(labelled(Map.of("tenant", "a\"c")))).containsExactly("mail_c");
        assertThat(names(labelled(Map.of("tenant", "acm")))).isEmpty();
        assertThat(names(labelled(Map.of("tenant", "acme", "user", "x")))).isEmpty();
    }

    @Test
    void tellsLabelsApartByteForByte() {
        database.create(
                "padded",
                each -> each.task(TaskTemplate.of(
                        "mail",
                        Task.named("t")
                                .label("tenant ", "acme")
                                .label("tenant", "acme ")
                                .build())));

        assertThat(names(labelled(Map.of("tenant", "acme")))).containsExactly("mail.a");
        assertThat(names(labelled(Map.of("tenant ", "acme")))).containsExactly("padded");
        assertThat(names(labelled(Map.of("tenant ", "acme", "tenant", "acme "))))
                .containsExactly("padded");
    }

    @Test
    void findsLabelsThatWereWrittenBySql() {
        database.jdbc
                .sql("UPDATE schedule SET labels = '{\"by\": \"sql\"}' WHERE name LIKE 'mail%'")
                .update();
        database.jdbc
                .sql("UPDATE schedule SET labels = '[1]' WHERE name = 'once'")
                .update();

        while (database.labels.refresh()) {}

        assertThat(names(labelled(Map.of("by", "sql")))).containsExactly("mail.a", "mail.b", "mail_c");
        assertThat(names(labelled(Map.of("tenant", "acme")))).isEmpty();
        database.schedules.delete("mail.b", null);
        database.jdbc.sql("DELETE FROM schedule WHERE name = 'mail.a'").update();
        assertThat(names(labelled(Map.of("by", "sql")))).containsExactly("mail_c");
        assertThat(database.jdbc
                        .sql("SELECT COUNT(*) FROM schedule_label")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    /** Labels that are JSON and yet none, and a row that may not be changed, keep no others from being found. */
    @Test
    void findsLabelsWhateverIsWrongWithOtherRows() {
        database.jdbc.sql("UPDATE schedule SET labels = '{\"by\": \"sql\"}'").update();
        database.jdbc
                .sql("UPDATE schedule SET labels = 'null' WHERE name = 'once'")
                .update();
        database.jdbc.sql("""
                        CREATE TRIGGER refuse BEFORE UPDATE ON schedule FOR EACH ROW
                        IF OLD.name = 'mail.a' THEN
                          SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one';
                        END IF""").update();

        while (database.labels.refresh()) {}

        assertThat(names(labelled(Map.of("by", "sql"))))
                .contains("mail.b", "mail_c")
                .doesNotContain("once", "mail.a");
    }

    /** What is rare among many must not be looked for in all of them. */
    @Test
    void goesAlongAnIndexWhateverIsAskedFor() {
        for (var part = 0; part < 5; part++) {
            database.jdbc
                    .sql(
                            "INSERT INTO schedule (name, task, kind, spec, planned_rule) WITH RECURSIVE n (i) AS"
                                    + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
                                    + " SELECT CONCAT('z', :part, '-', i), 'many', 'interval', '{\"every\": \"PT1H\"}', 'x' FROM n")
                    .param("part", part)
                    .update();
        }
        database.jdbc.sql("ANALYZE TABLE schedule").query().listOfRows();

        for (var rare : List.of(
                filter(null, "email.purge", null, null, null),
                filter(null, "nobody", null, null, null),
                filter(null, null, "mail", null, null),
                filter(null, null, null, "clocked", null),
                filter(null, null, null, null, false),
                labelled(Map.of("tenant", "a\"c")),
                labelled(Map.of("tenant", "nobody")))) {
            var before = rowsRead();
            assertThat(names(rare)).hasSizeLessThan(4);
            assertThat(rowsRead() - before).as("rows read for %s", rare).isLessThan(100);
        }
    }

    private long rowsRead() {
        return database
                .jdbc
                .sql(
                        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Handler_read_next', 'Handler_read_prev', 'Handler_read_key')")
                .query((row, number) -> row.getLong("Value"))
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void findsWhatAnApplicationHasDeclared() {
        database.jdbc
                .sql("INSERT INTO schedule_declared (source, name, schedule_id) SELECT 'shop', name, id FROM schedule"
                        + " WHERE name IN ('mail.b', 'once')")
                .update();
        database.jdbc
                .sql("INSERT INTO schedule_declared (source, name) VALUES ('shop', 'mail.a'), ('other', 'once')")
                .update();

        assertThat(names(declaredBy("shop"))).containsExactly("mail.b", "once");
        assertThat(names(declaredBy("other"))).as("it is not the other's").isEmpty();
    }

    @Test
    void pagesThroughWhatFits() {
        var filter = filter("mail", null, "mail", null, null);

        assertThat(database.schedules.list(filter, "mail.a", 1).items())
                .extracting(ScheduleRow::name)
                .containsExactly("mail.b");
    }

    @Test
    void namesWhatCannotBeAskedFor() {
        assertRefused("kind", () -> filter(null, null, null, "lunar", null));
        assertRefused("queue", () -> filter(null, null, "A B", null, null));
        assertRefused("task", () -> filter(null, "a b", null, null, null));
        assertRefused("namePrefix", () -> filter("", null, null, null, null));
        assertRefused("declaredBy", () -> declaredBy("x".repeat(101)));
    }

    private static void assertRefused(String field, Runnable asking) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(asking::run)
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    private List<String> names(ScheduleFilter filter) {
        return database.schedules.list(filter, "", 10).items().stream()
                .map(ScheduleRow::name)
                .toList();
    }

    private static ScheduleFilter filter(
            @Nullable String prefix,
            @Nullable String task,
            @Nullable String queue,
            @Nullable String kind,
            @Nullable Boolean enabled) {
        return new ScheduleFilter(prefix, task, queue == null ? null : Set.of(queue), kind, enabled, null, Map.of());
    }

    private static ScheduleFilter labelled(Map<String, String> labels) {
        return new ScheduleFilter(null, null, null, null, null, null, labels);
    }

    private static ScheduleFilter declaredBy(String source) {
        return new ScheduleFilter(null, null, null, null, null, source, Map.of());
    }

    private static TaskTemplate template(String queue, String task, String label, String value) {
        return TaskTemplate.of(queue, Task.named(task).label(label, value).build());
    }
}
