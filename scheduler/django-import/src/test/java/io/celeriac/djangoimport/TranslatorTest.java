package io.celeriac.djangoimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.Task;
import io.celeriac.djangoimport.SourceTask.Limits;
import io.celeriac.djangoimport.SourceTask.Routing;
import io.celeriac.djangoimport.Translation.Needless;
import io.celeriac.djangoimport.Translation.Translated;
import io.celeriac.djangoimport.Translation.Untranslatable;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.TaskTemplate;
import io.celeriac.schedule.rule.Clocked;
import io.celeriac.schedule.rule.Crontab;
import io.celeriac.schedule.rule.Interval;
import io.celeriac.schedule.rule.Solar;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranslatorTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void keepsWhatIsTheSame() {
        var task = new SourceTask(
                7,
                "proj.nightly",
                "proj.tasks.report",
                List.of(new SourceRule.Cron("0", "4", "*", "*", "mon-fri", "Europe/Berlin")),
                "[1, \"zwei\", null]",
                "{\"to\": \"ada@example.org\"}",
                new Routing("mail", "", null, "{}", null),
                new Limits(true, false, "2026-02-01 00:00:00", null, 90L, "2026-01-31 03:00:00", 3),
                "why");

        var translated = translated(task);

        assertThat(translated.remarks()).isEmpty();
        assertThat(translated.startsFromLastRun()).isFalse();
        assertThat(translated.schedule())
                .isEqualTo(Schedule.named("proj.nightly")
                        .task(TaskTemplate.of(
                                "mail",
                                Task.named("proj.tasks.report")
                                        .args(1, "zwei", null)
                                        .kwarg("to", "ada@example.org")
                                        .build()))
                        .rule(Crontab.of("0", "4", "*", "*", "mon-fri"))
                        .timezone(ZoneId.of("Europe/Berlin"))
                        .startAt(Instant.parse("2026-02-01T00:00:00Z"))
                        .expiresAfter(Duration.ofSeconds(90))
                        .description("why")
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "2, days, P2D",
        "3, hours, PT3H",
        "90, minutes, PT90M",
        "10, seconds, PT10S",
        "10000, microseconds, PT0.01S",
    })
    void makesAnIntervalOfPeriods(long every, String period, Duration duration) {
        assertThat(translated(Tasks.of(new SourceRule.Every(every, period)))
                        .schedule()
                        .timing()
                        .rule())
                .isEqualTo(new Interval(duration));
    }

    @Test
    void makesTheOtherRules() {
        assertThat(translated(Tasks.of(new SourceRule.Sun("dusk_civil", 52.5, -13.4)))
                        .schedule()
                        .timing()
                        .rule())
                .isEqualTo(new Solar(Solar.Event.DUSK_CIVIL, 52.5, -13.4));
        assertThat(translated(Tasks.of(new SourceRule.Once("2027-01-01 00:00:00.25")))
                        .schedule()
                        .timing()
                        .rule())
                .isEqualTo(new Clocked(Instant.parse("2027-01-01T00:00:00.250Z")));
    }

    @Test
    void keepsTheRhythmOfAnIntervalThatBeatCountsFromItsLastRun() {
        assertStart("2026-01-31T11:30:00Z", true, null, null);
        assertStart("2026-01-31T11:30:00Z", true, "2026-01-31 11:00:00", null);
        assertStart("2026-01-31T11:45:00Z", false, "2026-01-31 11:45:00", null);
        assertStart(null, false, null, "2026-01-31 11:00:00");
    }

    private static void assertStart(
            @Nullable String start, boolean fromLastRun, @Nullable String startTime, @Nullable String expires) {
        var limits = new Limits(true, false, startTime, expires, null, "2026-01-31 11:30:00", 3);
        var translated = translated(Tasks.with(limits, Tasks.HOURLY));

        assertThat(translated.schedule().timing().startAt()).isEqualTo(start == null ? null : Instant.parse(start));
        assertThat(translated.startsFromLastRun()).isEqualTo(fromLastRun);
    }

    @Test
    void countsEmptyAsNothing() {
        var schedule = translated(Tasks.described("")).schedule();

        assertThat(schedule.description()).isNull();
        assertThat(schedule.template()).isEqualTo(TaskTemplate.of("demo.noop"));
        assertThat(translated(Tasks.with(new Limits(true, false, null, null, 0L, null, 0), Tasks.HOURLY))
                        .schedule()
                        .expiresAfter())
                .isNull();
    }

    @Test
    void remarksWhatHasNoCounterpart() {
        var routing = new Routing(null, "topics", "a.b", "{\"token\": \"secret\", \"x\": 1}", null);

        assertThat(translated(Tasks.with(routing, Tasks.HOURLY)).remarks())
                .containsExactly(
                        "exchange topics has no counterpart",
                        "routing_key a.b has no counterpart",
                        "headers have no counterpart: token, x");
        assertThat(translated(Tasks.with(new Routing(null, null, null, "{x", null), Tasks.HOURLY))
                        .remarks())
                .containsExactly("headers have no counterpart, and are no JSON object");
        assertThat(translated(Tasks.with(new Routing(null, null, null, "[1]", null), Tasks.HOURLY))
                        .remarks())
                .containsExactly("headers have no counterpart, and are no JSON object");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 9", "3, 3, 6", "9, 9, 0", "255, 9, 0"})
    void clipsPriorities(int priority, int here, int hereFromRedis) {
        var task = Tasks.with(new Routing(null, null, null, null, priority), Tasks.HOURLY);
        var fromRedis = (Translated) translate(task, "a", "--redis-priorities");

        assertThat(translated(task).schedule().template().priority()).isEqualTo(here);
        assertThat(translated(task).remarks())
                .containsExactly(
                        "its priority " + priority + " is " + here + " here, where 9 is the highest, as on RabbitMQ");
        assertThat(fromRedis.schedule().template().priority()).isEqualTo(hereFromRedis);
        assertThat(fromRedis.remarks())
                .containsExactly("its priority " + priority + " is " + hereFromRedis
                        + " here, where 9 is the highest, as 0 was on Redis");
    }

    @Test
    void mapsQueues() {
        var task = Tasks.with(new Routing("Mail.High", null, null, null, null), Tasks.HOURLY);

        assertRefused(
                task, "queue must match [a-z0-9-]{1,80}, but is \"Mail.High\"; --queue-map gives it another name");
        var mapped = (Translated) translate(task, "a", "--queue-map=Mail.High=mail");
        assertThat(mapped.schedule().template().queue()).isEqualTo("mail");
        assertThat(mapped.remarks()).containsExactly("its queue Mail.High is mail here");
    }

    @Test
    void endsWhereTheSourceExpires() {
        var translated = translated(
                Tasks.with(new Limits(true, false, null, "2026-03-01 00:00:00", null, null, 0), Tasks.HOURLY));

        assertThat(translated.schedule().timing().endAt()).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(translated.remarks())
                .containsExactly(
                        "expires is when it ends; a task that waits then still runs, which beat gave the same expiry");
    }

    @Test
    void pausesWhatIsPausedThereOrHasRunItsOneTime() {
        var disabled = translated(Tasks.with(new Limits(false, false, null, null, null, null, 0), Tasks.HOURLY));
        var hasRun = translated(Tasks.with(new Limits(true, true, null, null, null, null, 1), Tasks.HOURLY));
        var toRun = translated(Tasks.with(new Limits(true, true, null, null, null, null, 0), Tasks.HOURLY));

        assertThat(disabled.schedule().enabled()).isFalse();
        assertThat(disabled.remarks()).isEmpty();
        assertThat(hasRun.schedule().enabled()).isFalse();
        assertThat(hasRun.remarks())
                .containsExactly("it is to run once and has, so it is paused here, as beat would have done next");
        assertThat(toRun.schedule().enabled()).isTrue();
        assertThat(toRun.schedule().oneOff()).isTrue();
    }

    @Test
    void pausesAllThatWouldFireWhenToldTo() {
        var fires = ((Translated) translate(Tasks.of(Tasks.HOURLY), "a", "--paused")).schedule();
        var disabled = Tasks.with(new Limits(false, false, null, null, null, null, 0), Tasks.HOURLY);

        assertThat(fires.enabled()).isFalse();
        assertThat(fires.note()).isEqualTo("paused by the import from django-celery-beat");
        assertThat(((Translated) translate(disabled, "a", "--paused"))
                        .schedule()
                        .note())
                .isNull();
    }

    @Test
    void remarksOtherNamesLongWordsAndTimesThatArePast() {
        assertThat(((Translated) translate(Tasks.named(1, "a b"), "a-b")).remarks())
                .containsExactly("its name is a-b here");
        assertThat(((Translated) translate(Tasks.named(1, "a"), "old.a", "--prefix=old.")).remarks())
                .isEmpty();
        var cut = translated(Tasks.described("x".repeat(1_001)));
        assertThat(cut.schedule().description()).hasSize(1_000);
        assertThat(cut.remarks()).containsExactly("its description is cut to 1000 characters");
        assertThat(translated(Tasks.of(new SourceRule.Once("2026-01-31 12:00:00")))
                        .remarks())
                .containsExactly("its time is past, so it does not fire any more");
    }

    @Test
    void doesNotNeedCelerysCleanup() {
        assertThat(translate(Tasks.calling("celery.backend_cleanup", "[]", "{}"), "a"))
                .isEqualTo(new Needless("results are kept and deleted by celeriac.results.retention"));
    }

    @Test
    void saysWhatCannotBe() {
        assertRefused(Tasks.of(), "it has no schedule");
        assertRefused(
                Tasks.of(Tasks.HOURLY, new SourceRule.Once("2027-01-01 00:00:00")),
                "it has more than one schedule: interval, clocked");
        assertRefused(
                Tasks.of(new SourceRule.Every(9_999, "microseconds")),
                "every must be from PT0.01S to PT876000H, but is PT0.009999S");
        assertRefused(
                Tasks.of(new SourceRule.Every(-1, "days")), "every must be from PT0.01S to PT876000H, but is PT-24H");
        assertThat(((Untranslatable) translate(Tasks.of(new SourceRule.Every(1, "weeks")), "a")).reason())
                .startsWith("period must be one of ")
                .endsWith(", but is \"weeks\"");
        assertThat(((Untranslatable) translate(Tasks.of(new SourceRule.Cron("61", "*", "*", "*", "*", "UTC")), "a"))
                        .reason())
                .startsWith("crontab.minute ");
        assertRefused(
                Tasks.of(new SourceRule.Cron("*", "*", "*", "*", "*", "Mars/Olympus")),
                "timezone is unknown here: \"Mars/Olympus\"");
        assertRefused(
                Tasks.of(new SourceRule.Sun("sunset", 91, 0)), "solar.latitude must be from -90 to 90, but is 91.0");
        assertRefused(
                Tasks.of(new SourceRule.Once("0000-00-00 00:00:00.000000")),
                "clocked_time is no time: \"0000-00-00 00:00:00.000000\"");
        assertRefused(Tasks.calling("demo.noop", "{}", "{}"), "args must be a JSON array");
        assertRefused(Tasks.calling("demo.noop", "[]", "[]"), "kwargs must be a JSON object");
        assertRefused(Tasks.calling("demo.noop", "[1,", "{}"), "args cannot be read as JSON");
        assertRefused(
                Tasks.calling("demo noop", "[]", "{}"), "task must match [A-Za-z0-9_.:-]{1,255}, but is \"demo noop\"");
        assertRefused(
                Tasks.with(
                        new Limits(true, false, "2026-03-02 00:00:00", "2026-03-01 00:00:00", null, null, 0),
                        Tasks.HOURLY),
                "endAt must not be before startAt, but is 2026-03-01T00:00:00Z");
    }

    private static Translated translated(SourceTask task) {
        return (Translated) translate(task, task.name());
    }

    private static Translation translate(SourceTask task, String name, String... options) {
        return new Translator(ImportOptionsTest.options(options), NOW).translate(task, name);
    }

    private static void assertRefused(SourceTask task, String reason) {
        assertThat(translate(task, "a")).isEqualTo(new Untranslatable(reason));
    }
}
