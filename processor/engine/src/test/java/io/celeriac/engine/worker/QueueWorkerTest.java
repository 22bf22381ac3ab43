package io.celeriac.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.consumer.EngineClients;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What a queue's worker tells Streams. */
class QueueWorkerTest {

    private static final String POLL_INTERVAL = "main.consumer.max.poll.interval.ms";
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

    /** Or a task of an aborted transaction would run, and the results of a worker's own aborted ones would come back from its changelog. */
    @ParameterizedTest
    @EnumSource(WorkerProperties.Guarantee.class)
    void readsCommittedRecordsOnly(WorkerProperties.Guarantee guarantee) {
        var config = new StreamsConfig(config(
                Map.of("celeriac.worker.guarantee", guarantee.name()),
                Map.of(
                        "bootstrap.servers", "localhost:9092",
                        "consumer.isolation.level", "read_uncommitted",
                        "main.consumer.isolation.level", "read_uncommitted")));

        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry("isolation.level", "read_committed");
        assertThat(config.getRestoreConsumerConfigs("client")).containsEntry("isolation.level", "read_committed");
    }

    /** A worker that waits for a send must not be put out of its group for it. */
    @Test
    void mayWaitForADrainAndForASendWithinAPoll() {
        assertThat(config(Map.of(), Map.of())).containsEntry(POLL_INTERVAL, 20_000 + 120_000 + 60_000);
        assertThat(config(
                        Map.of("celeriac.worker.drain-timeout", "PT1M"),
                        Map.of("producer.delivery.timeout.ms", "30000")))
                .containsEntry(POLL_INTERVAL, 60_000 + 30_000 + 60_000);
        assertThat(config(Map.of(), Map.of("max.poll.interval.ms", 300_000))).containsEntry(POLL_INTERVAL, 300_000);
    }

    @Test
    void refusesAPollIntervalThatASendMayOutlast() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(Map.of(), Map.of("consumer.max.poll.interval.ms", 120_000)))
                .withMessageContaining(
                        "max.poll.interval.ms under spring.kafka.streams must be at least 200000, but is 120000")
                .withMessageContaining("celeriac.worker.drain-timeout of PT20S")
                .withMessageContaining("delivery.timeout.ms of 120000");
    }

    private static Properties exactlyOnce(String drainTimeout) {
        return config(
                Map.of("celeriac.worker.guarantee", "exactly_once", "celeriac.worker.drain-timeout", drainTimeout),
                Map.of());
    }

    private static Properties config(Map<String, Object> settings, Map<String, Object> connection) {
        var worker = new Binder(new MapConfigurationPropertySource(new HashMap<>(settings)))
                .bindOrCreate("celeriac.worker", WorkerProperties.class);
        return QueueWorker.config(
                "default",
                worker,
                new TopicProperties("celeriac", 8, null),
                Path.of("target"),
                connection,
                new EngineClients(InstantSource.system(), worker.drainTimeout(), worker.sessionTimeout()));
    }
}
