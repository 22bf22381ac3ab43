package io.celeriac.results.materializer;

import static io.celeriac.results.TestData.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.results.Load;
import io.celeriac.results.MaterializerFixture;
import io.celeriac.results.MaterializerMain;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.FaultyLink;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Whatever happens to the program, the database or what lies between them while results keep coming: at the end each row is the
 * latest state that the topic has of its task, no attempt is missing, and nothing was set aside.
 */
class MaterializerFaultsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void killedAtRandomMoments() {
        var random = new Random(17);
        try (var fixture = new MaterializerFixture(TestStack.createDatabase());
                var load = new Load(fixture, 1)) {
            for (var life = 0; life < 4; life++) {
                try (var program = startProcess(fixture, life)) {
                    load.awaitSent(1_000 + random.nextInt(4_000));
                    program.kill();
                }
            }
            try (var program = startProcess(fixture, 9)) {
                load.endAndCompare();
                assertThat(program.isAlive()).isTrue();
            }
        }
    }

    private ChildProcess startProcess(MaterializerFixture fixture, int life) {
        var process = ChildProcess.startJava(
                "materializer",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                MaterializerMain.class,
                fixture.arguments(),
                directory.resolve("materializer-" + life + ".log"));
        process.awaitLog(MaterializerMain.READY, SOON);
        return process;
    }

    @Test
    void theDatabaseCrashesAndComesBack() {
        try (var server = DatabaseServer.launch();
                var fixture = new MaterializerFixture(server.createDatabase());
                var program = fixture.start();
                var load = new Load(fixture, 2)) {
            for (var crash = 0; crash < 3; crash++) {
                load.awaitSent(2_000);
                server.kill();
                load.awaitSent(1_000);
                server.start();
            }
            load.endAndCompare();
            assertThat(program.isActive()).isTrue();
        }
    }

    @Test
    void theDatabaseIsSlowAndItsConnectionsAreCut() {
        try (var server = DatabaseServer.launch();
                var link = FaultyLink.to(server.port())) {
            var direct = server.createDatabase();
            var linked = new TestDatabase(
                    direct.name(),
                    direct.jdbcUrl().replace(":" + server.port() + "/", ":" + link.port() + "/"),
                    direct.username(),
                    direct.password());
            try (var fixture = new MaterializerFixture(linked);
                    var program = fixture.start();
                    var load = new Load(fixture, 3)) {
                link.delay(Duration.ofMillis(100)); // each statement
                load.awaitSent(3_000);
                var random = new Random(5);
                var broken = 0;
                for (var cut = 0; cut < 10; cut++) {
                    load.awaitSent(200 + random.nextInt(1_000));
                    broken += link.cut();
                }
                assertThat(broken).isPositive();
                link.delay(Duration.ZERO);
                load.endAndCompare();
                assertThat(program.isActive()).isTrue();
            }
        }
    }

    /** Somebody's own SQL locks rows in another order than we do, and has written so much that the server gives us up. */
    @Test
    void aDeadlockIsTriedAgain() {
        try (var server = DatabaseServer.launch();
                var fixture = new MaterializerFixture(server.createDatabase());
                var program = fixture.start();
                var load = new Load(fixture, 4)) {
            var jdbc = JdbcClient.create(fixture.pool);
            jdbc.sql("CREATE TABLE of_somebody (id INT PRIMARY KEY)").update();
            load.awaitSent(10_000);
            var transaction = new TransactionTemplate(new JdbcTransactionManager(fixture.pool));
            await().atMost(SOON).until(() -> {
                transaction.executeWithoutResult(status -> {
                    jdbc.sql("DELETE FROM of_somebody").update();
                    jdbc.sql("INSERT INTO of_somebody SELECT seq FROM seq_1_to_20000")
                            .update();
                    for (var id : descending(jdbc)) {
                        jdbc.sql("UPDATE task_result SET task_key = task_key WHERE id = :id")
                                .param("id", id)
                                .update();
                    }
                });
                return deadlocks(jdbc) >= 2;
            });
            load.endAndCompare();
            assertThat(program.isActive()).isTrue();
        }
    }

    private static List<String> descending(JdbcClient jdbc) {
        return new ArrayList<>(jdbc.sql("SELECT id FROM task_result ORDER BY id DESC LIMIT 1500")
                .query(String.class)
                .list());
    }

    private static long deadlocks(JdbcClient jdbc) {
        return jdbc.sql(
                        "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'")
                .query(Long.class)
                .single();
    }

    /** A full disk is nobody's record's fault: everything waits until there is room, and nothing is set aside. */
    @Test
    void aFullDiskIsWaitedFor() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase());
                var program = fixture.start()) {
            fixture.send(result("before", TaskState.SUCCESS, 1));
            await().atMost(SOON).until(() -> fixture.repository.find("before").isPresent());
            var jdbc = JdbcClient.create(fixture.pool);
            var answers = List.of("1021", "1114"); // ER_DISK_FULL, ER_RECORD_FILE_FULL
            for (var answer : answers) {
                jdbc.sql("CREATE TRIGGER full_disk BEFORE INSERT ON task_result FOR EACH ROW SIGNAL SQLSTATE 'HY000'"
                                + " SET MYSQL_ERRNO = " + answer + ", MESSAGE_TEXT = 'Disk full'")
                        .update();
                fixture.send(result("during-" + answer, TaskState.SUCCESS, 1));
                fixture.producer.flush();
                await().during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> fixture.repository.find("during-" + answer).isEmpty());
                jdbc.sql("DROP TRIGGER full_disk").update();
                await().atMost(SOON)
                        .until(() -> fixture.repository.find("during-" + answer).isPresent());
            }
            assertThat(fixture.deadLetters()).isEmpty();
            assertThat(program.isActive()).isTrue();
        }
    }
}
