package io.celeriac.client.result;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Reads the results topic from its end on, as long as somebody waits for a result. */
final class ResultTail extends ReaderThread {

    private static final Duration POLL = Duration.ofSeconds(1);

    /** A topic may get more partitions; how often the tail looks, in polls without records. */
    private static final int POLLS_BETWEEN_LOOKS = 30;

    private final String topic;
    private final long idleMillis;
    private final java.util.function.Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> sink;
    private final BooleanSupplier isWanted;
    private final InstantSource clock;

    private List<TopicPartition> partitions = List.of();
    private List<Long> reached = List.of();
    private long lastWanted;
    private volatile @Nullable Places places;
    private CompletableFuture<Places> reading = new CompletableFuture<>();

    ResultTail(
            Supplier<? extends Consumer<byte[], byte[]>> consumers,
            String topic,
            Duration idle,
            java.util.function.Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> sink,
            BooleanSupplier isWanted,
            InstantSource clock) {
        super("tail", consumers);
        this.clock = clock;
        this.topic = topic;
        this.idleMillis = idle.toMillis();
        this.sink = sink;
        this.isWanted = isWanted;
    }

    /**
     * How far each partition has been read: all before was given to the sink, or will be given to what is watched now.
     *
     * @param next the next offset of each partition
     */
    record Places(List<Long> next) {

        int partition(byte[] key) {
            return Utils.toPositive(Utils.murmur2(key)) % next.size();
        }

        long of(int partition) {
            return next.get(partition);
        }
    }

    /** The reader's place in the partition of a key; empty when it does not read. */
    OptionalLong place(byte[] key) {
        var now = places;
        return now == null ? OptionalLong.empty() : OptionalLong.of(now.of(now.partition(key)));
    }

    /** Starts reading, and completes with the places as soon as it reads. */
    synchronized CompletableFuture<Places> reading() {
        ensureRunning();
        var now = places;
        return now == null ? reading : CompletableFuture.completedFuture(now);
    }

    @Override
    void read(Consumer<byte[], byte[]> consumer) {
        begin(consumer);
        var quiet = 0;
        while (!isClosed() && !isIdle()) {
            var records = consumer.poll(POLL);
            succeeded();
            if (!records.isEmpty()) {
                publish(consumer); // before they are matched, so that who begins to watch now looks back over them
                records.forEach(sink);
            }
            quiet = records.isEmpty() ? quiet + 1 : 0;
            if (quiet == POLLS_BETWEEN_LOOKS) {
                quiet = 0;
                if (consumer.partitionsFor(topic).size() > reached.size()) {
                    begin(consumer);
                }
            }
        }
    }

    /** Takes all partitions up where they were left, new ones from their start, and at first from the end. */
    private void begin(Consumer<byte[], byte[]> consumer) {
        var count = consumer.partitionsFor(topic).size();
        if (count == 0) {
            throw new IllegalStateException("topic " + topic + " does not exist");
        }
        partitions = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(partitions);
        if (reached.isEmpty()) {
            lastWanted = clock.millis();
            consumer.seekToEnd(partitions);
        }
        for (int i = 0; i < count && !reached.isEmpty(); i++) {
            consumer.seek(partitions.get(i), i < reached.size() ? reached.get(i) : 0);
        }
        publish(consumer);
    }

    private void publish(Consumer<byte[], byte[]> consumer) {
        var next = partitions.stream().map(consumer::position).toList();
        reached = next;
        var now = new Places(next);
        places = now;
        CompletableFuture<Places> waiting;
        synchronized (this) {
            waiting = reading;
        }
        waiting.complete(now);
    }

    private boolean isIdle() {
        var now = clock.millis();
        if (isWanted.getAsBoolean()) {
            lastWanted = now;
        }
        return now - lastWanted > idleMillis;
    }

    @Override
    boolean isDone() {
        return !isWanted.getAsBoolean() && isIdle();
    }

    @Override
    void ended() {
        places = null;
        reached = List.of();
        reading = new CompletableFuture<>();
    }
}
