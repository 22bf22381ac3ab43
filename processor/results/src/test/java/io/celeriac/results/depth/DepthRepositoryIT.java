package io.celeriac.results.depth;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.results.TestData;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class DepthRepositoryIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static HikariDataSource pool;
    private static DepthRepository depths;

    @BeforeAll
    static void open() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        depths = new DepthRepository(pool, TestData.tables(pool));
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @BeforeEach
    void empty() {
        JdbcClient.create(pool).sql("DELETE FROM queue_depth").update();
    }

    private static DepthSample sample(long ready, long parked, long running, long oldestSeconds) {
        return new DepthSample(ready, parked, running, Duration.ofSeconds(oldestSeconds));
    }

    @Test
    void keepsOneRowOfAMinuteThatSeveralGatewaysWrite() {
        depths.write(NOON.plusSeconds(2), Map.of("mail", sample(10, 1, 2, 30), "default", DepthSample.UNKNOWN));
        depths.write(NOON.plusSeconds(31), Map.of("mail", sample(20, 1, 2, 60), "default", sample(4, 0, 0, 1)));

        assertThat(JdbcClient.create(pool)
                        .sql("SELECT COUNT(*) FROM queue_depth")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        assertThat(depths.read("mail", NOON, MINUTE, 1)).containsExactly(sample(10, 1, 2, 30));
        assertThat(depths.read("default", NOON, MINUTE, 1)).containsExactly(sample(4, 0, 0, 1)); // now it is known
    }

    @Test
    void tellsTheGreatestOfEachStepAndWhereNobodyLooked() {
        depths.write(NOON, Map.of("mail", sample(10, 7, 2, 30)));
        depths.write(NOON.plusSeconds(240), Map.of("mail", new DepthSample(5L, 9L, null, null)));
        depths.write(NOON.plusSeconds(600), Map.of("mail", sample(1, 0, 0, 3)));
        depths.write(NOON.plusSeconds(900), Map.of("mail", sample(99, 99, 99, 99))); // after the end
        depths.write(NOON, Map.of("mail ", sample(99, 99, 99, 99)));

        assertThat(depths.read("mail", NOON, Duration.ofMinutes(5), 3))
                .containsExactly(sample(10, 9, 2, 30), DepthSample.UNKNOWN, sample(1, 0, 0, 3));
    }

    @Test
    void tellsTheQueuesThatHadTheMostReadyTasksAtOnce() {
        depths.write(NOON, Map.of("mail", sample(10, 0, 2, 30), "reports", sample(10, 900, 0, 0)));
        depths.write(NOON.plusSeconds(60), Map.of("mail", sample(1, 0, 0, 1), "bulk", sample(50, 0, 0, 9)));
        depths.write(NOON.plusSeconds(60), Map.of("unknown", DepthSample.UNKNOWN, "idle", sample(0, 0, 0, 0)));
        depths.write(NOON.plusSeconds(120), Map.of("later", sample(99, 0, 0, 1)));
        depths.write(NOON.minusSeconds(60), Map.of("earlier", sample(99, 0, 0, 1)));
        var end = NOON.plusSeconds(120);

        assertThat(depths.deepest(null, NOON, end, 9)).containsExactly("bulk", "mail", "reports", "idle");
        assertThat(depths.deepest(null, NOON, end, 2)).containsExactly("bulk", "mail");
        assertThat(depths.deepest(Set.of("reports", "mail", "none"), NOON, end, 9))
                .containsExactly("mail", "reports");
        assertThat(depths.deepest(Set.of(), NOON, end, 9)).isEmpty();
    }
}
