package io.celeriac.controlweb.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.web.loop.Loop;
import io.celeriac.web.loop.Loops;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads heartbeats and settings into the {@link Fleet}, on a thread of its own. Settings are read from the beginning. Heartbeats are read
 * from five minutes before the start: a worker that was silent for longer is lost.
 */
final class FleetReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FleetReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BACK = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final TopicPartition workers;
    private final TopicPartition settings;
    private final Fleet fleet;
    private final InstantSource clock;
    private final Loop loop;
    private @Nullable Consumer<byte[], byte[]> consumer; // the loop's thread only, as all below
    private Instant nextAsk = Instant.MIN;
    private long firstNew; // offset of the first heartbeat that was made after this began

    FleetReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            String workersTopic,
            String settingsTopic,
            Fleet fleet,
            InstantSource clock,
            Loops loops) {
        this.consumers = consumers;
        this.workers = new TopicPartition(workersTopic, 0);
        this.settings = new TopicPartition(settingsTopic, 0);
        this.fleet = fleet;
        this.clock = clock;
        this.loop = new Loop("celeriac-fleet", this::turn, this::release);
        loops.watch(loop);
    }

    void start() {
        loop.start();
    }

    private void turn() {
        try {
            if (consumer == null) {
                consumer = open();
            }
            askForTheBroker(consumer);
            consumer.poll(POLL).forEach(this::take);
            fleet.settingsReadTo(consumer.position(settings));
            fleet.heartbeatsRead(consumer.position(workers) >= firstNew);
            fleet.forgetOld();
        } catch (RuntimeException | Error e) {
            release(); // the next turn begins anew
            throw e;
        }
    }

    /** A poll does not tell whether the broker is there. */
    private void askForTheBroker(Consumer<byte[], byte[]> own) {
        var now = clock.instant();
        if (!now.isBefore(nextAsk)) {
            own.endOffsets(List.of(workers), PATIENCE);
            fleet.brokerAnswered();
            nextAsk = now.plus(Heartbeat.EVERY);
        }
    }

    private Consumer<byte[], byte[]> open() {
        var fresh = consumers.get();
        try {
            fresh.assign(List.of(workers, settings));
            fresh.seekToBeginning(List.of(settings));
            firstNew = fresh.endOffsets(List.of(workers)).getOrDefault(workers, 0L);
            var from = fresh.offsetsForTimes(
                            Map.of(workers, clock.instant().minus(BACK).toEpochMilli()))
                    .get(workers);
            fresh.seek(workers, from == null ? firstNew : from.offset());
            return fresh;
        } catch (RuntimeException | Error e) {
            fresh.close();
            throw e;
        }
    }

    /** A record that cannot be read costs a line in the log. */
    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(settings.topic())) {
                takeSetting(record);
            } else if (record.value() != null) {
                takeHeartbeat(record);
            }
        } catch (InvalidTaskException e) {
            LOG.warn("record {}/{} is skipped: {}", record.topic(), record.offset(), e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("record {}/{} is skipped", record.topic(), record.offset(), e);
        }
    }

    private void takeSetting(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null) {
            fleet.set(TaskJson.liveSetting(record.value()), ChangeTerms.of(record.headers()), record.offset());
        } else if (record.key() != null) {
            fleet.unset(new String(record.key(), UTF_8));
        }
    }

    private void takeHeartbeat(ConsumerRecord<byte[], byte[]> record) {
        var heartbeat = TaskJson.heartbeat(Objects.requireNonNull(record.value()));
        var now = clock.instant();
        var made = Instant.ofEpochMilli(record.timestamp());
        fleet.heard(heartbeat, record.offset() >= firstNew || made.isAfter(now) ? now : made);
    }

    private void release() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }

    @Override
    public void close() {
        loop.end();
        loop.join(PATIENCE);
    }
}
