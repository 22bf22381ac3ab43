package io.celeriac.schedule.declaration;

import static io.celeriac.contract.schedule.RegisterPolicy.CREATE_ONLY;
import static io.celeriac.contract.schedule.RegisterPolicy.OVERWRITE;
import static io.celeriac.contract.schedule.RegisterPolicy.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.schedule.RegisterPolicy;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.store.ScheduleFilter;
import io.celeriac.schedule.store.ScheduleStoreConfiguration;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.node.ObjectNode;

class DeclarationsIT {

    private static final String TOPIC = "AAAAAAAAAAAAAAAAAAAAAA";

    private final MutableClock clock = MutableClock.at("2026-01-31T12:00:00Z");
    private final TestDatabase server = TestStack.createDatabase();
    private final AnnotationConfigApplicationContext context = context();
    private final Declarations declarations = context.getBean(Declarations.class);
    private final Schedules schedules = context.getBean(Schedules.class);
    private final JdbcClient jdbc = JdbcClient.create(context.getBean(DataSource.class));
    private long offset;

    private AnnotationConfigApplicationContext context() {
        var made = new AnnotationConfigApplicationContext();
        made.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
        made.registerBean(DataSource.class, this::pool);
        made.registerBean(
                PlatformTransactionManager.class, () -> new JdbcTransactionManager(made.getBean(DataSource.class)));
        made.registerBean(InstantSource.class, () -> clock);
        made.register(ScheduleStoreConfiguration.class, DeclarationConfiguration.class);
        made.refresh();
        return made;
    }

    private DataSource pool() {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(server.jdbcUrl());
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        return pool;
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void createsWhatIsDeclaredWithEveryField() {
        var json = (ObjectNode) TaskJson.MAPPER.readTree("""
                {"name": "a", "task": "demo.add", "args": [1, 19.990, null], "kwargs": {"to": "ünï@例え.jp"}, "queue": "mail",
                 "priority": 9, "labels": {"tenant": "a"}, "kind": "interval", "every": "PT1H", "timezone": "Europe/Berlin",
                 "enabled": false, "catchUp": "all", "catchUpWindow": "PT2H", "expiresAfter": "PT3M", "jitter": "PT5S",
                 "overlap": "skip", "description": "why", "startAt": "2026-03-29T01:30:00.123456789Z", "oneOff": true}""");

        declare(new Declared(UPDATE, json));

        var a = stored("a");
        assertThat(a.created().by()).isEqualTo("code:shop");
        assertThat(a.schedule().template().labels()).containsEntry("tenant", "a");
        assertThat(remarks()).isEmpty();

        clock.advance(Duration.ofDays(1));
        declare(new Declared(UPDATE, json));

        assertThat(stored("a")).as("not written, and in its old rhythm").isEqualTo(a);
    }

    @Test
    void updatesOnlyTheContentAndKeepsTheRhythm() {
        declare(schedule("a", UPDATE, "PT1H"));
        clock.advance(Duration.ofMinutes(10));
        var before = stored("a");

        declare(schedule("a", UPDATE, "PT1H", json -> json.put("description", "new")));

        var after = stored("a");
        assertThat(after.schedule().description()).isEqualTo("new");
        assertThat(after.progress()).isEqualTo(before.progress());
        assertThat(after.version()).isEqualTo(2);
        assertThat(after.updated().by()).isEqualTo("code:shop");
        assertThat(after.id()).isEqualTo(before.id());
    }

    @Test
    void takesACrontabAndTellsWhatIsWrongWithOne() {
        declare(crontab("a", "0 4 * * *"), crontab("b", "@daily"), crontab("c", "0 25 * * *"));
        var before = List.of(stored("a"), stored("b"));
        assertThat(stored("a").progress().nextFireAt()).isEqualTo("2026-02-01T03:00:00Z");
        assertThat(remarks()).singleElement().asString().contains("25");

        clock.advance(Duration.ofHours(1));
        declare(crontab("a", "0 4 * * *"), crontab("b", "@daily"), crontab("c", "0 5 * * *"));

        assertThat(List.of(stored("a"), stored("b"))).isEqualTo(before);
        assertThat(names()).containsExactly("a", "b", "c");
        assertThat(remarks()).isEmpty();
    }

    private static Declared crontab(String name, String expression) {
        return new Declared(
                UPDATE,
                TaskJson.MAPPER
                        .createObjectNode()
                        .put("name", name)
                        .put("task", "demo.noop")
                        .put("kind", "crontab")
                        .put("expression", expression)
                        .put("timezone", "Europe/Berlin"));
    }

    @Test
    void createsOnceAndNeverTouchesAgain() {
        declare(schedule("a", CREATE_ONLY, "PT1H"));
        var a = stored("a");

        declare(schedule("a", CREATE_ONLY, "PT2H"));

        assertThat(stored("a")).isEqualTo(a);
        assertThat(remarks()).isEmpty();
    }

    @Test
    void leavesWhatAPersonChangedAndSaysWhy() {
        declare(schedule("a", UPDATE, "PT1H"));
        schedules.replace(named("a", "PT7H"), null, "ada");
        var changed = stored("a");

        declare(schedule("a", UPDATE, "PT2H"));

        assertThat(stored("a")).isEqualTo(changed);
        assertThat(remarks()).containsExactly("a person has changed it");

        declare(schedule("a", OVERWRITE, "PT2H"));

        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT2H"));
        assertThat(remarks()).isEmpty();
    }

    @Test
    void leavesWhatAPersonChangedBySql() {
        declare(schedule("a", UPDATE, "PT1H"));
        jdbc.sql("UPDATE schedule SET spec = '{\"every\":\"PT7H\"}'").update();

        declare(schedule("a", UPDATE, "PT2H"));

        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT7H"));
    }

    @Test
    void keepsAPauseWhileTheRestIsBroughtUpToDate() {
        declare(schedule("a", UPDATE, "PT1H"));
        schedules.pause("a", "too loud", null, "ada");

        declare(schedule("a", UPDATE, "PT2H"));

        assertThat(stored("a").schedule())
                .isEqualTo(named("a", "PT2H").toBuilder()
                        .enabled(false)
                        .note("too loud")
                        .build());

        schedules.resume("a", null, null, "ada");
        declare(schedule("a", UPDATE, "PT3H"));

        assertThat(stored("a").schedule().timing()).isEqualTo(named("a", "PT3H").timing());
    }

    @Test
    void doesNotBringBackWhatAPersonDeletedUntilItChanges() {
        declare(schedule("a", UPDATE, "PT1H"), schedule("b", OVERWRITE, "PT1H"), schedule("c", CREATE_ONLY, "PT1H"));
        for (var name : List.of("a", "b", "c")) {
            schedules.delete(name, null);
        }

        declare(schedule("a", UPDATE, "PT1H"), schedule("b", OVERWRITE, "PT1H"), schedule("c", CREATE_ONLY, "PT1H"));
        assertThat(names()).containsExactly("b");

        declare(schedule("a", UPDATE, "PT2H"), schedule("b", OVERWRITE, "PT1H"), schedule("c", CREATE_ONLY, "PT1H"));
        assertThat(names()).containsExactly("a", "b");
        assertThat(remarks()).containsExactly("a person has deleted it; it comes back when its declaration changes");
    }

    @Test
    void takesOverSomebodyElsesOnlyWhenToldTo() {
        schedules.create(named("a", "PT7H"), "ada");
        var adas = stored("a");

        declare(schedule("a", UPDATE, "PT1H"));
        assertThat(stored("a")).isEqualTo(adas);
        assertThat(remarks()).containsExactly("there is one of that name already, made by ada");

        declare(schedule("a", OVERWRITE, "PT1H"));
        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT1H"));

        declareAs("mall", false, schedule("a", OVERWRITE, "PT2H"));
        declare(schedule("a", UPDATE, "PT3H"));
        assertThat(stored("a").schedule()).as("the mall's now").isEqualTo(named("a", "PT2H"));

        declareAs("mall", false, schedule("a", UPDATE, "PT4H"));
        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT4H"));
    }

    @Test
    void deletesWhatIsGoneOnlyWhenToldToAndLeavesWhatAPersonChanged() {
        declare(schedule("a", UPDATE, "PT1H"), schedule("b", UPDATE, "PT1H"), schedule("c", UPDATE, "PT1H"));
        declareAs("mall", false, schedule("d", UPDATE, "PT1H"));
        schedules.create(named("e", "PT1H"), "ada");
        schedules.pause("b", null, null, "ada");

        declareAs("shop", false, schedule("c", UPDATE, "PT1H"));
        assertThat(names()).containsExactly("a", "b", "c", "d", "e");

        declareAs("shop", true, schedule("c", UPDATE, "PT1H"));
        assertThat(names()).containsExactly("b", "c", "d", "e");
        assertThat(remarks()).containsExactly("it is declared no more, but a person has changed it");

        declareAs("shop", true);
        assertThat(names()).containsExactly("b", "d", "e");
    }

    @Test
    void bringsBackWhatWasDeletedWhileItWasNotDeclared() {
        declare(schedule("a", UPDATE, "PT1H"));
        declare();
        schedules.delete("a", null);

        declare(schedule("a", UPDATE, "PT1H"));

        assertThat(names()).containsExactly("a");
    }

    @Test
    void leavesOutWhatBreaksARuleAndNothingElse() {
        declare(schedule("a", UPDATE, "PT1H"));

        declare(
                schedule("a", UPDATE, "PT0S"),
                schedule("a", UPDATE, "PT9H"),
                schedule("no spaces", UPDATE, "PT1H"),
                schedule("x".repeat(300), UPDATE, "PT1H"),
                new Declared(UPDATE, TaskJson.MAPPER.createObjectNode()),
                schedule("b", UPDATE, "PT1H"));

        assertThat(names()).containsExactly("a", "b");
        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT1H"));
        assertThat(remarks())
                .hasSize(2)
                .anySatisfy(remark -> assertThat(remark).startsWith("every must be from"))
                .anySatisfy(remark -> assertThat(remark).startsWith("name must match"));

        declareAs("shop", true, schedule("a", UPDATE, "PT0S"));
        assertThat(names()).as("one that breaks a rule is not gone").containsExactly("a");
    }

    @Test
    void leavesARowThatNobodyCanRead() {
        declare(schedule("a", UPDATE, "PT1H"));
        jdbc.sql("UPDATE schedule SET kind = 'moon'").update();

        declareAs("shop", true, schedule("a", OVERWRITE, "PT2H"), schedule("b", UPDATE, "PT1H"));

        assertThat(remarks())
                .singleElement()
                .asString()
                .contains("cannot be read")
                .contains("kind");
        assertThat(schedules.find("b")).isPresent();
    }

    /** A constraint of somebody's is nothing that anybody else notices. */
    @Test
    void leavesOutWhatTheDatabaseRefusesAndAppliesTheOthers() {
        jdbc.sql("ALTER TABLE schedule ADD CONSTRAINT not_this CHECK (description IS NULL OR description <> 'refused')")
                .update();
        declare(schedule("a", UPDATE, "PT1H"));
        var before = stored("a");
        for (var attempt = 0; attempt < 2; attempt++) {
            declare(
                    schedule("a", UPDATE, "PT2H", DeclarationsIT::refused),
                    schedule("b", UPDATE, "PT1H", DeclarationsIT::refused),
                    schedule("c", UPDATE, "PT1H"));

            assertThat(names()).containsExactly("a", "c");
            assertThat(stored("a")).isEqualTo(before);
            assertThat(remarks())
                    .hasSize(2)
                    .allSatisfy(remark -> assertThat(remark).startsWith("the database refuses it: "));
        }

        declare(schedule("a", UPDATE, "PT2H"), schedule("b", UPDATE, "PT1H"), schedule("c", UPDATE, "PT1H"));

        assertThat(names()).containsExactly("a", "b", "c");
        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT2H"));
        assertThat(remarks()).isEmpty();
    }

    private static ObjectNode refused(ObjectNode json) {
        return json.put("description", "refused");
    }

    @Test
    void movesOnFromADeclarationOfWhichTheDatabaseTakesNothing() {
        jdbc.sql("ALTER TABLE schedule_declared ADD CONSTRAINT no_shop CHECK (source <> 'shop')")
                .update();

        assertThat(apply(TOPIC, offset++, "PT1H")).isFalse();

        assertThat(names()).isEmpty();
        assertThat(declarations.nextOffset(TOPIC)).isEqualTo(1);
        declareAs("other", false, schedule("a", UPDATE, "PT1H"));
        assertThat(names()).containsExactly("a");
    }

    @Test
    void triesAgainWhatMayPass() {
        jdbc.sql("RENAME TABLE schedule_declared TO moved").update();
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> apply(TOPIC, 0, "PT1H"));
        assertThat(declarations.nextOffset(TOPIC)).isZero();

        jdbc.sql("RENAME TABLE moved TO schedule_declared").update();

        assertThat(apply(TOPIC, 0, "PT1H")).isTrue();
    }

    @Test
    void tellsWhatNeverFiresAndMakesItOnceItDoes() {
        var past = schedule("a", UPDATE, "PT1H", json -> json.put("endAt", "2026-01-01T00:00:00Z"));
        declare(past);
        declare(past);

        assertThat(names()).isEmpty();
        assertThat(remarks()).singleElement().asString().startsWith("endAt must not be before the next firing");

        declare(schedule("a", UPDATE, "PT1H"));
        assertThat(names()).containsExactly("a");
    }

    @Test
    void tellsWhatIsDeclaredOfASchedule() {
        declare(schedule("a", UPDATE, "PT1H"), schedule("b", UPDATE, "PT0S"));
        declareAs("other", false, schedule("a", UPDATE, "PT2H"), schedule("c", UPDATE, "PT1H"));
        var declared = context.getBean(DeclaredSchedules.class);

        assertThat(declared.of(List.of(stored("a"), stored("c")))
                        .get(stored("a").id()))
                .extracting(DeclaredSchedule::source, each -> each.owns(stored("a")), DeclaredSchedule::remark)
                .containsExactly(
                        tuple("other", false, "there is one of that name already, made by code:shop"),
                        tuple("shop", true, null));
        assertThat(declared.of(List.of())).isEmpty();

        var first = declared.list(null, false, 3, null);
        assertThat(first.items())
                .extracting(DeclaredSchedule::source, DeclaredSchedule::name)
                .containsExactly(tuple("other", "a"), tuple("other", "c"), tuple("shop", "a"));
        assertThat(declared.list(null, false, 3, first.cursor()))
                .satisfies(last -> assertThat(last.cursor()).isNull())
                .satisfies(last -> assertThat(last.items())
                        .extracting(DeclaredSchedule::name)
                        .containsExactly("b"));
        assertThat(declared.list("other", false, 3, null).items()).hasSize(2);
        assertThat(declared.list(null, true, 3, null).items())
                .extracting(DeclaredSchedule::name)
                .containsExactly("a", "b");
        for (var cursor : List.of("", "x", "9~a", "-3~a", "~")) {
            assertThatExceptionOfType(InvalidScheduleException.class)
                    .isThrownBy(() -> declared.list(null, false, 3, cursor))
                    .withMessage("cursor must be one that a page answered");
        }
    }

    @Test
    void appliesEachRecordOnceAndNoneAfterALaterOne() {
        assertThat(declarations.nextOffset(TOPIC)).isZero();
        assertThat(apply(TOPIC, 7, "PT7H")).isTrue();

        assertThat(apply(TOPIC, 7, "PT8H")).isFalse();
        assertThat(apply(TOPIC, 3, "PT3H")).isFalse();
        assertThat(declarations.nextOffset(TOPIC)).isEqualTo(8);
        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT7H"));

        assertThat(apply("of a topic made anew", 0, "PT1H")).isTrue();
        assertThat(stored("a").schedule()).isEqualTo(named("a", "PT1H"));
    }

    /** As many schedulers do that read the same topic: whoever comes second must find the record applied. */
    @Test
    void appliesEachRecordOnceWhenManyRace() {
        var pool = Executors.newFixedThreadPool(4);
        try {
            var racing = IntStream.range(0, 4)
                    .mapToObj(reader -> CompletableFuture.supplyAsync(this::readAll, pool))
                    .toList();

            assertThat(racing.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(50);
            assertThat(stored("a").schedule()).isEqualTo(named("a", "PT50H"));
            assertThat(stored("a").version()).isEqualTo(50);
        } finally {
            pool.shutdownNow();
        }
    }

    private int readAll() {
        return (int) IntStream.range(0, 50)
                .filter(record -> apply(TOPIC, record, "PT" + (record + 1) + "H"))
                .count();
    }

    private boolean apply(String topicId, long record, String every) {
        return declarations.apply(
                topicId, record, new ScheduleDeclaration("shop", false, List.of(schedule("a", UPDATE, every))));
    }

    private void declare(Declared... declared) {
        declareAs("shop", false, declared);
    }

    private void declareAs(String source, boolean deleteGone, Declared... declared) {
        assertThat(declarations.apply(TOPIC, offset++, new ScheduleDeclaration(source, deleteGone, List.of(declared))))
                .isTrue();
    }

    private static Declared schedule(String name, RegisterPolicy policy, String every) {
        return schedule(name, policy, every, json -> json);
    }

    private static Declared schedule(String name, RegisterPolicy policy, String every, UnaryOperator<ObjectNode> more) {
        return new Declared(
                policy,
                more.apply(TaskJson.MAPPER
                        .createObjectNode()
                        .put("name", name)
                        .put("task", "demo.noop")
                        .put("kind", "interval")
                        .put("every", every)));
    }

    private static Schedule named(String name, String every) {
        return Schedule.named(name)
                .task("demo.noop")
                .every(Duration.parse(every))
                .build();
    }

    private StoredSchedule stored(String name) {
        return schedules.find(name).orElseThrow();
    }

    private List<String> names() {
        var names = new ArrayList<String>();
        schedules.list(ScheduleFilter.ALL, "", 100).items().forEach(each -> names.add(each.name()));
        return names;
    }

    private List<String> remarks() {
        return jdbc.sql("SELECT remark FROM schedule_declared WHERE remark IS NOT NULL ORDER BY name")
                .query(String.class)
                .list();
    }
}
