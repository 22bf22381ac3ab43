package io.celeriac.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.e2e.Http.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story of the guide of first steps, line by line, against the real programs. */
class ReferenceStoryIT {

    private static Installation celeriac;

    @BeforeAll
    static void start(@TempDir Path directory) {
        celeriac = Installation.start(directory);
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) { // it may not have started
            celeriac.close();
        }
    }

    @Test
    void answersAtOnceWhileTheTaskTakesSixSeconds() {
        celeriac.submit("{\"task\":\"demo.noop\",\"args\":[1],\"id\":\"warm\"}");
        var before = System.nanoTime();

        var answer = celeriac.submit("{\"task\":\"demo.sleep\",\"args\":[6]}");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(ofSeconds(1));
        assertThat(answer.status()).isEqualTo(202);
        var id = answer.text("id");
        assertThat(answer.response().headers().firstValue("Location")).hasValue("/api/tasks/" + id);
        assertThat(answer.text("queue")).isEqualTo("default");
        assertThat(answer.body().path("partition").isInt()).isTrue();
        assertThat(answer.body().path("offset").isIntegralNumber()).isTrue();

        var result = Http.get(celeriac.api("/tasks/" + id + "?wait=PT10S"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(ofSeconds(6), ofSeconds(9));
        assertThat(result.text("state")).isEqualTo("SUCCESS");
        assertThat(result.text("result")).isEqualTo("slept 6 s");
        assertThat(celeriac.resultRecords(id)).hasSize(1).first().asString().contains("\"slept 6 s\"");
        celeriac.awaitRow(id, "SUCCESS");
        assertThat(Http.get(celeriac.api("/tasks/" + id)).text("state")).isEqualTo("SUCCESS");
    }

    @Test
    void showsATaskThatWaitsAndNotOneThatNeverWas() {
        var id = celeriac.submit("{\"task\":\"demo.noop\",\"args\":[1],\"countdown\":600}")
                .text("id");

        celeriac.awaitRow(id, "PENDING");
        assertThat(Http.get(celeriac.api("/tasks/" + id)).text("state")).isEqualTo("PENDING");
        assertThat(Http.get(celeriac.api("/tasks/never")).status()).isEqualTo(404);

        var why = celeriac.worker().url("/actuator/tasks/");
        await("the worker has it")
                .atMost(ofSeconds(10))
                .until(() -> Http.get(why + id).text("stage").equals("ETA"));
        assertThat(Http.get(why + "never").status()).isEqualTo(404);
    }

    @Test
    void followsAScheduleThatIsMadeChangedAndDisabledWhileEverythingRuns() {
        var schedules = celeriac.api("/schedules");
        var made = Http.post(
                schedules, "{\"name\":\"timing\",\"task\":\"demo.timing\",\"kind\":\"interval\",\"every\":\"PT3S\"}");
        assertThat(made.status()).isEqualTo(201);

        await().atMost(ofSeconds(20)).until(() -> lines().size() >= 3);
        assertThat(lines()).allSatisfy(line -> assertThat(line).matches("Now is \\d\\d:\\d\\d:\\d\\d"));
        await().atMost(ofSeconds(20)).until(() -> fireTimes().size() >= 3);
        assertThat(gap(fireTimes(), 1)).isEqualTo(ofSeconds(3));

        var changed = Http.put(
                schedules + "/timing",
                "{\"name\":\"timing\",\"task\":\"demo.timing\",\"kind\":\"interval\",\"every\":\"PT5S\"}");
        assertThat(changed.status()).isEqualTo(200);
        var whenChanged = lines().size();
        await().atMost(ofSeconds(20)).until(() -> lines().size() >= whenChanged + 3);
        await("every line is a firing of the history")
                .atMost(ofSeconds(20))
                .until(() -> fireTimes().size() >= whenChanged + 3);
        assertThat(gap(fireTimes(), whenChanged + 1)).isEqualTo(ofSeconds(5));

        assertThat(Http.post(schedules + "/timing/pause", "{}").status()).isBetween(200, 204);
        var firings = Http.get(schedules + "/timing/firings").body();
        assertThat(firings.toString()).contains("timed");
        var afterASecond = lines().size() + 1;
        await().during(ofSeconds(7)).atMost(ofSeconds(8)).until(() -> lines().size() <= afterASecond);
        assertThat(Http.delete(schedules + "/timing").status()).isEqualTo(204);
    }

    @Test
    void takesALineTypedIntoTheTopicAndSetsAsideOneThatIsNoTask() {
        celeriac.typeIntoTopic("{\"task\":\"demo.add\",\"args\":[1,2],\"id\":\"typed\"}");
        celeriac.typeIntoTopic("this is no task");
        celeriac.typeIntoTopic("{\"task\":\"demo.add\",\"kwargs\":{\"x\":3,\"y\":4},\"id\":\"after\"}");

        assertThat(result("typed").body().path("result").asInt()).isEqualTo(3);
        assertThat(result("after").body().path("result").asInt()).isEqualTo(7);
        await().atMost(ofSeconds(10)).untilAsserted(() -> {
            var letter =
                    Http.get(celeriac.api("/dead-letters")).body().path("items").path(0);
            assertThat(letter.path("value").asString()).isEqualTo("this is no task");
            assertThat(letter.path("reason").asString()).isEqualTo("unreadable");
            assertThat(letter.path("message").asString()).startsWith("is not JSON");
        });
    }

    @Test
    void revokesATaskThatWaitsAndOneThatRuns() {
        celeriac.submit("{\"task\":\"demo.noop\",\"args\":[1],\"id\":\"waits\",\"countdown\":600}");
        celeriac.submit("{\"task\":\"demo.sleep\",\"args\":[300],\"id\":\"runs\",\"trackStarted\":true}");
        await().atMost(ofSeconds(20))
                .until(() -> !celeriac.resultRecords("runs").isEmpty());

        assertThat(Http.post(celeriac.api("/tasks/waits/revoke"), "{}").status())
                .isEqualTo(202);
        assertThat(Http.post(celeriac.api("/tasks/runs/revoke"), "{\"terminate\":true}")
                        .status())
                .isEqualTo(202);

        assertThat(result("waits").text("state")).isEqualTo("REVOKED");
        assertThat(result("runs").text("state")).isEqualTo("REVOKED");
        assertThat(result("runs").text("reason")).isEqualTo("revoked");
    }

    /** A worker that dies in the middle of a task must not take the task with it, nor make two of it. */
    @Test
    void endsInOneSuccessWhenTheWorkerIsKilled() {
        var id = celeriac.submit("{\"task\":\"demo.sleep\",\"args\":[6],\"trackStarted\":true}")
                .text("id");
        await().atMost(ofSeconds(20)).until(() -> !celeriac.resultRecords(id).isEmpty());

        celeriac.worker().kill();
        celeriac.worker().restart().awaitHealthy();

        celeriac.awaitRow(id, "SUCCESS");
        assertThat(celeriac.resultRecords(id))
                .filteredOn(record -> record.contains("\"SUCCESS\""))
                .hasSize(1);
        assertThat(celeriac.rows("SELECT * FROM task_result WHERE id = ?", id)).hasSize(1);
    }

    /** Kafka alone carries the work: while the database is away tasks are taken and run, and afterwards it catches up. */
    @Test
    void losesNothingWhenTheDatabaseIsAwayForTwentySeconds() {
        celeriac.databaseServer().stop();
        var away = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            var answer = celeriac.submit("{\"task\":\"demo.noop\",\"args\":[" + i + "],\"id\":\"away-" + i + "\"}");
            assertThat(answer.status()).isEqualTo(202);
        }
        assertThat(result("away-49").text("state"))
                .as("the answer comes from the topic")
                .isEqualTo("SUCCESS");
        await().pollDelay(ofMillis(100))
                .atMost(ofSeconds(40))
                .until(() -> System.nanoTime() - away > ofSeconds(20).toNanos());

        celeriac.databaseServer().start();

        for (int i = 0; i < 50; i++) {
            celeriac.awaitRow("away-" + i, "SUCCESS");
        }
    }

    private Answer result(String id) {
        return Http.get(celeriac.api("/tasks/" + id + "?wait=PT20S"));
    }

    private static List<String> lines() {
        try {
            return Files.exists(celeriac.output()) ? Files.readAllLines(celeriac.output()) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The times that the schedule gave its tasks. The printed lines tell when a worker came to them. */
    private static List<LocalDateTime> fireTimes() {
        return celeriac
                .rows(
                        "SELECT schedule_fire_time FROM v_task_result WHERE schedule_name = ?"
                                + " ORDER BY schedule_fire_time",
                        "timing")
                .stream()
                .map(row -> (LocalDateTime) row.get("schedule_fire_time"))
                .toList();
    }

    /** From one firing to the next. */
    private static Duration gap(List<LocalDateTime> fireTimes, int one) {
        return Duration.between(fireTimes.get(one), fireTimes.get(one + 1));
    }
}
