package io.celeriac.beat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.KafkaCluster;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What the scheduler leans on goes away and comes back. It must go on by itself, and each firing must be accounted for: emitted,
 * late or not, by a schedule that catches up on all, and emitted or in the history as skipped by one that does not.
 */
class OutageIT {

    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void goesOnWhenTheBrokerIsBack() {
        try (var kafka = KafkaCluster.start(1);
                var beat = Programs.start(kafka.bootstrapServers(), TestStack.createDatabase(), "celeriac");
                var log = new TaskLog(kafka.bootstrapServers(), "celeriac.tasks.default")) {
            create(beat);
            awaitFirings(beat, 5);

            kafka.kill(1);
            var gone = Instant.now();
            await().atMost(LONG).until(() -> Instant.now().isAfter(gone.plusSeconds(3)));
            kafka.restart(1);
            awaitFiringsAfter(beat, Instant.now());

            var told = history(beat, "all").stream().map(ScheduleFiring::taskId).toList();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(log.of("all").stream()
                                    .map(emitted -> emitted.task().id()))
                            .containsAll(told));
        }
    }

    @Test
    void goesOnWhenTheDatabaseIsBack() {
        try (var server = DatabaseServer.launch();
                var beat = Programs.start(
                        TestStack.kafka().bootstrapServers(),
                        server.createDatabase(),
                        TestStack.uniqueName("outage"))) {
            create(beat);
            awaitFirings(beat, 5);

            server.kill();
            var gone = Instant.now();
            await().atMost(LONG).until(() -> Instant.now().isAfter(gone.plusSeconds(3)));
            server.start();
            awaitFiringsAfter(beat, Instant.now());
        }
    }

    private static void create(ConfigurableApplicationContext beat) {
        var schedules = beat.getBean(Schedules.class);
        schedules.create(Schedule.named("last").task("demo.noop").every(EVERY).build(), null);
        schedules.create(
                Schedule.named("all")
                        .task("demo.noop")
                        .every(EVERY)
                        .catchUp(new CatchUp(CatchUpPolicy.ALL, Duration.ofHours(1)))
                        .build(),
                null);
    }

    private static void awaitFirings(ConfigurableApplicationContext beat, int firings) {
        await().atMost(LONG).until(() -> history(beat, "last").size() >= firings);
    }

    /** Until both have emitted in time again, with no firing unaccounted for. */
    private static void awaitFiringsAfter(ConfigurableApplicationContext beat, Instant back) {
        for (var name : List.of("last", "all")) {
            await().ignoreExceptions()
                    .atMost(LONG)
                    .until(() -> history(beat, name).stream()
                            .anyMatch(firing -> firing.kind() == FiringKind.TIMED
                                    && firing.fireTime().isAfter(back)));
            var history = history(beat, name);
            var first = history.stream().map(ScheduleFiring::fireTime).min(Comparator.naturalOrder());
            var last = history.stream().map(ScheduleFiring::fireUntil).max(Comparator.naturalOrder());
            assertThat(history.stream().mapToLong(ScheduleFiring::count).sum())
                    .isEqualTo(Duration.between(first.orElseThrow(), last.orElseThrow())
                                    .dividedBy(EVERY)
                            + 1);
        }
        assertThat(history(beat, "all")).noneMatch(firing -> firing.kind() == FiringKind.SKIPPED);
        assertThat(history(beat, "last")).anyMatch(firing -> firing.kind() == FiringKind.SKIPPED);
    }

    private static List<ScheduleFiring> history(ConfigurableApplicationContext beat, String name) {
        return beat.getBean(Schedules.class)
                .firings(name, 10_000, null)
                .orElseThrow()
                .items();
    }
}
