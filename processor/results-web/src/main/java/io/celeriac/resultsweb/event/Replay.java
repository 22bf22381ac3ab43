package io.celeriac.resultsweb.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads older records for one client, with a consumer of its own, until the next records are in memory.
 *
 * <p>It stops after a minute, so that others get their turn: the client is dropped with a notice and comes back for the
 * rest. The client is also dropped when it takes nothing for ten seconds, or when the broker does not answer. Nothing is
 * lost in any of these cases, since the client knows its position.
 */
final class Replay implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BROKER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Source source;
    private final EventClient client;
    private final Position from;

    /**
     * The source of the records, shared by all catch-ups.
     *
     * @param consumers each read_committed, without group, and with {@code auto.offset.reset=none}; closed by this class
     * @param recent the records in memory, from which the client goes on
     * @param handedOver called when there is work for the senders
     */
    record Source(
            Supplier<Consumer<byte[], byte[]>> consumers,
            String topic,
            RecentRecords recent,
            StateChangeReader reader,
            Runnable handedOver) {}

    Replay(Source source, EventClient client, Position from) {
        this.source = source;
        this.client = client;
        this.from = from;
    }

    @Override
    public void run() {
        try (var consumer = source.consumers().get()) {
            read(consumer, seek(consumer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // nobody else tells the client
            LOG.warn("a client cannot catch up; it will reconnect", e);
            client.drop("older events could not be read; reconnect for them");
        }
    }

    private Position seek(Consumer<byte[], byte[]> consumer) {
        var partitions = new ArrayList<TopicPartition>();
        for (var info : consumer.partitionsFor(source.topic(), BROKER_PATIENCE)) {
            partitions.add(new TopicPartition(source.topic(), info.partition()));
        }
        consumer.assign(partitions);
        var begin = consumer.beginningOffsets(partitions, BROKER_PATIENCE);
        var end = consumer.endOffsets(partitions, BROKER_PATIENCE);
        var starts = new HashMap<Integer, Long>();
        for (var partition : partitions) {
            var asked = from.next(partition.partition());
            var start = Math.max(begin.getOrDefault(partition, 0L), Math.min(asked, end.getOrDefault(partition, 0L)));
            consumer.seek(partition, start);
            starts.put(partition.partition(), start);
        }
        var position = Position.of(starts);
        if (!position.equals(from)) {
            client.skip(position);
        }
        return position;
    }

    private void read(Consumer<byte[], byte[]> consumer, Position start) throws InterruptedException {
        var position = start;
        var begun = System.nanoTime();
        while (!handOver(position)) {
            if (System.nanoTime() - begun > LONGEST.toNanos()) {
                client.drop("other clients wait to catch up; reconnect for the rest");
                return;
            }
            var next = feed(consumer.poll(POLL), position);
            if (next == null) {
                return;
            }
            position = next;
            source.handedOver().run();
        }
    }

    private boolean handOver(Position position) {
        var start = source.recent().startFor(position);
        start.ifPresent(client::goLive);
        source.handedOver().run();
        return start.isPresent();
    }

    /** The position that it reached; null when the client takes no more records from it. */
    private @Nullable Position feed(ConsumerRecords<byte[], byte[]> records, Position before)
            throws InterruptedException {
        var position = before;
        for (var record : records) {
            position = position.with(record.partition(), record.offset() + 1);
            if (!client.feed(read(record), position, CLIENT_PATIENCE)) {
                return null;
            }
        }
        for (var next : records.nextOffsets().entrySet()) {
            position = position.with(next.getKey().partition(), next.getValue().offset());
        }
        return client.feed(null, position, CLIENT_PATIENCE) ? position : null;
    }

    private @Nullable StateChange read(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null
                ? null
                : source.reader().read(record.value()).orElse(null);
    }
}
