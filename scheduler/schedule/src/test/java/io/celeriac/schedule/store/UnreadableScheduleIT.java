package io.celeriac.schedule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.schedule.ScheduleDatabase;
import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.UnreadableSchedule;
import io.celeriac.schedule.UnreadableScheduleException;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.store.ScheduleChange.Deleted;
import io.celeriac.schedule.store.ScheduleChange.NeverFires;
import io.celeriac.schedule.store.ScheduleChange.Saved;
import io.celeriac.schedule.store.ScheduleChange.Stale;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody writes into a row what is no schedule: it must not keep people from the others, nor from itself. */
class UnreadableScheduleIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final ScheduleDatabase database = new ScheduleDatabase(TestStack.createDatabase(), "");

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec = '[]'",
                "spec = '{\"every\":\"3s\"}'",
                "kind = 'lunar'",
                "timezone = 'Mars/Olympus'",
                "args = '{}'",
                "kwargs = 'null'",
                "labels = '{\"a\":{}}'",
                "queue = 'A B'",
                "task = ''",
                "priority = 77",
                "jitter = 'long'",
                "overlap = 'never'",
                "catch_up = 'some'",
                "catch_up_window = 'P'",
                "remaining_fires = -1",
                "start_at = '1000-01-01'",
                "end_at = '0000-00-00 00:00:00'",
                "created_at = '0000-00-00 00:00:00', last_fire_at = '0000-00-00 00:00:00'"
            })
    void listsAndMendsAndDeletesIt(String written) {
        database.create("a", each -> each);
        var before = database.create("b", each -> each);
        database.create("c", each -> each);
        change("b", written);

        assertThat(database.schedules.list(ScheduleFilter.ALL, "", 10).items())
                .extracting(ScheduleRow::name)
                .containsExactly("a", "b", "c");
        assertThat(database.schedules.look("b")).get().isInstanceOf(UnreadableSchedule.class);
        assertThatExceptionOfType(UnreadableScheduleException.class)
                .isThrownBy(() -> database.schedules.pause("b", null, null, null))
                .withMessageStartingWith("schedule b was changed by hand and cannot be read: ");
        assertThat(database.schedules.replace(before.schedule(), Precondition.version(7), "ada"))
                .isEqualTo(new Stale(1));

        assertThat(database.schedules.replace(before.schedule(), Precondition.version(1), "ada"))
                .isInstanceOf(Saved.class);

        var mended = database.stored("b");
        assertThat(mended.schedule()).isEqualTo(before.schedule());
        assertThat(mended.id()).isEqualTo(before.id());
        assertThat(mended.version()).isEqualTo(2);
        assertThat(mended.progress().nextFireAt()).isEqualTo(NOON.plusSeconds(10));

        change("b", written);
        assertThat(database.schedules.delete("b", null)).isInstanceOf(Deleted.class);
        assertThat(database.schedules.look("b")).isEmpty();
    }

    @Test
    void saysWhatItIs() {
        database.create("a", each -> each.enabled(false));
        change("a", "spec = '{\"every\":\"3s\"}', version = 5");

        var row = (UnreadableSchedule) database.schedules.look("a").orElseThrow();

        assertThat(row.error()).isEqualTo("every must be an ISO-8601 duration such as PT30S, but is \"3s\"");
        assertThat(ScheduleJson.json(row).propertyNames())
                .containsExactly("id", "name", "task", "queue", "kind", "enabled", "version", "error");
        assertThat(row.created().at()).isEqualTo(NOON);
        assertThat(row.version()).isEqualTo(5);
        assertThat(row.enabled()).isFalse();
    }

    @Test
    void goesOnWhereItWasWhenItIsMended() {
        var before = database.create("a", each -> each.remaining(9L));
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();
        change("a", "timezone = ''");
        database.clock.advance(Duration.ofSeconds(11));

        database.schedules.replace(before.schedule(), null, null);

        var progress = database.stored("a").progress();
        assertThat(progress.lastFireAt()).isEqualTo(NOON.plusSeconds(10));
        assertThat(progress.totalFires()).isEqualTo(1);
        assertThat(progress.nextFireAt()).isEqualTo(NOON.plusSeconds(30));
    }

    @Test
    void tellsItsHistory() {
        database.create("a", each -> each);
        change("a", "kind = 'lunar'");
        database.claim();

        assertThat(database.schedules.firings("a", 10, null).orElseThrow().items())
                .extracting(ScheduleFiring::reason)
                .singleElement()
                .asString()
                .startsWith("kind must be one of");
    }

    @Test
    void isNotMendedByWhatNeverFires() {
        var before = database.create("a", each -> each);
        change("a", "kind = 'lunar'");

        var past = before.schedule().toBuilder().endAt(NOON).build();

        assertThat(database.schedules.replace(past, null, null)).isInstanceOf(NeverFires.class);
        assertThat(database.schedules.replace(past.toBuilder().enabled(false).build(), null, null))
                .isInstanceOf(Saved.class);
    }

    private void change(String name, String set) {
        var zeroDates = "SET STATEMENT sql_mode = '' FOR ";
        var update = "UPDATE schedule SET " + set + " WHERE name = :name";
        var isMariaDb = database.jdbc
                .sql("SELECT VERSION()")
                .query(String.class)
                .single()
                .contains("MariaDB");
        for (var statement : isMariaDb ? List.of(zeroDates + update) : List.of("SET sql_mode = ''", update)) {
            database.jdbc.sql(statement).param("name", name).update();
        }
    }
}
