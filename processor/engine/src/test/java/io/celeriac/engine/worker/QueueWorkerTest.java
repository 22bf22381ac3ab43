package io.celeriac.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.topic.TopicSettings;
import io.celeriac.engine.stream.EngineClients;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What a queue's worker tells Streams. */
class QueueWorkerTest {

    private static final String TRANSACTION_TIMEOUT = "producer.transaction.timeout.ms";

    /** A hand-over waits within a transaction; one that the broker has ended meanwhile takes all that was drained with it. */
    @Test
    void givesATransactionTheTimeThatADrainMayTake() {
        assertThat(exactlyOnce("PT20S")).containsEntry(TRANSACTION_TIMEOUT, 30_000);
        assertThat(exactlyOnce("PT2M")).containsEntry(TRANSACTION_TIMEOUT, 130_000);
    }

    /** A broker refuses a producer that asks for more. */
    @Test
    void asksForNoLongerTransactionThanBrokersAllow() {
        try (var log = new LogLines(QueueWorker.class)) {
            assertThat(exactlyOnce("PT1H")).containsEntry(TRANSACTION_TIMEOUT, 900_000);
            assertThat(log.lines()).anyMatch(line -> line.contains("celeriac.worker.drain-timeout"));
        }
    }

    @Test
    void leavesTheLastWordOnTransactionsToSpringKafka() {
        assertThat(config(Map.of("celeriac.worker.guarantee", "exactly_once"), Map.of(TRANSACTION_TIMEOUT, 77_000)))
                .containsEntry(TRANSACTION_TIMEOUT, 77_000);
    }

    @Test
    void hasNoTransactionsAtLeastOnce() {
        assertThat(config(Map.of(), Map.of())).doesNotContainKey(TRANSACTION_TIMEOUT);
    }

    private static Properties exactlyOnce(String drainTimeout) {
        return config(
                Map.of("celeriac.worker.guarantee", "exactly_once", "celeriac.worker.drain-timeout", drainTimeout),
                Map.of());
    }

    private static Properties config(Map<String, Object> settings, Map<String, Object> connection) {
        var worker = new Binder(new MapConfigurationPropertySource(new HashMap<>(settings)))
                .bindOrCreate("celeriac.worker", WorkerSettings.class);
        return QueueWorker.config(
                "default",
                worker,
                new TopicSettings("celeriac", 8, null),
                Path.of("target"),
                connection,
                new EngineClients(InstantSource.system(), worker.drainTimeout(), worker.sessionTimeout()));
    }
}
