package io.celeriac.results.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.results.TestData;
import io.celeriac.testkit.TestStack;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Notes of replays. */
class ReplayRepositoryIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final int GATEWAYS = 4;

    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        var database = TestStack.createDatabase();
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static DeadLetterReplay replay(String task) {
        return new DeadLetterReplay(task, "mail", false, "ada", NOON);
    }

    /** One key for several dead letters, at several gateways at the same moment: all must agree on whose it is. */
    @Test
    void notesOneOfSeveralThatComeAtTheSameMoment() {
        var tables = TestData.tables(pool);
        var threads = Executors.newFixedThreadPool(GATEWAYS);
        for (var round = 0; round < 20; round++) {
            var task = "key-" + round;
            var together = new CyclicBarrier(GATEWAYS);
            var noted = IntStream.range(0, GATEWAYS)
                    .mapToObj(gateway -> CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    together.await();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                                return new ReplayRepository(pool, tables)
                                        .addFirst(new DeadLetterPlace(0, gateway, 7), replay(task), null);
                            },
                            threads))
                    .toList();

            var held = noted.stream().map(CompletableFuture::join).distinct().toList();

            assertThat(held).hasSize(1);
            assertThat(new ReplayRepository(pool, tables).ofTask(task)).contains(held.get(0));
        }
        threads.shutdown();
    }

    @Test
    void notesSeveralDeadLettersOfOneRun() {
        var replays = new ReplayRepository(pool, TestData.tables(pool));
        var first = new DeadLetterPlace(0, 11, 7);
        var second = new DeadLetterPlace(0, 12, 7);

        replays.add(first, replay("rerun"), null);
        replays.add(second, replay("rerun"), null);

        assertThat(replays.of(List.of(first, second))).containsOnlyKeys(first, second);
    }
}
