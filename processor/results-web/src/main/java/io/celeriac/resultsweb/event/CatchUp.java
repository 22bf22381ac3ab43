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
 * Reads older records for one client, with a consumer of its own, until what comes next is in memory.
 *
 * <p>It does not go on for longer than a minute, so that others get their turn: then the client is dropped with a
 * notice and comes back for the rest. It is dropped too when it takes nothing for ten seconds, or when the broker does
 * not answer. In none of these cases is anything lost, since the client knows how far it got.
 */
final class CatchUp implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BROKER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Source source;
    private final EventClient client;
    private final Position from;

    /**
     * What every catch-up reads from.
     *
     * @param consumers each read_committed, without group, and with {@code auto.offset.reset=none}; closed by this class
     * @param recent what is in memory, where it hands over
     * @param handedOver told when there is something for the senders to do
     */
    record Source(
            Supplier<Consumer<byte[], byte[]>> consumers,
            String topic,
            RecentRecords recent,
            StateChangeReader reader,
            Runnable handedOver) {}

    CatchUp(Source source, EventClient client, Position from) {
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
        } catch (RuntimeException | Error e) { // the thread ends with it, and nobody else would tell the client
            LOG.warn("a client cannot catch up; it will come back", e);
            client.drop("older events could not be read; come back for them");
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
                client.drop("others wait to catch up too; come back for the rest");
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

    /** How far it came; null when the client is not to be fed any more. */
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
