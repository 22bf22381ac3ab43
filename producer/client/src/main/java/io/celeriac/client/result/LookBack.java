package io.celeriac.client.result;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was published before a watch began. It takes all searches that wait at once, and reads each partition once for all
 * of them.
 */
final class LookBack extends ReaderThread {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STEP = Duration.ofMillis(100);

    /** How long it waits for another search before it closes its consumer: opening one takes longer than a search. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** What it reads is there already. A fetch at the end of a partition would hold the next search up for as long as it waits. */
    private static final Map<String, Object> PROMPT = Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);

    private final String topic;
    private final Duration clockTolerance;
    private final java.util.function.Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> sink;
    private final LinkedBlockingQueue<Search> searches = new LinkedBlockingQueue<>();
    private final List<Search> underway = new ArrayList<>();

    LookBack(
            String name,
            ConsumerSource consumers,
            String topic,
            ResultReaderProperties properties,
            java.util.function.Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> sink) {
        super(name, () -> consumers.open(PROMPT));
        this.topic = topic;
        this.clockTolerance = properties.clockTolerance();
        this.sink = sink;
    }

    /**
     * A search for the results of a task.
     *
     * @param partition of its results
     * @param since where they may begin
     * @param until before which offset they lie; the tail reads the rest
     */
    record Search(ResultWatch watch, int partition, Since since, long until) {}

    void add(Search search) {
        searches.add(search);
        ensureRunning();
    }

    @Override
    boolean isDone() {
        return searches.isEmpty() && underway.isEmpty();
    }

    @Override
    void read(Consumer<byte[], byte[]> consumer) {
        while (isAnyLeft()) {
            searches.drainTo(underway);
            search(consumer, underway);
            underway.forEach(search -> search.watch().caughtUp().complete(null));
            underway.clear();
        }
    }

    private boolean isAnyLeft() {
        try {
            for (var waited = Duration.ZERO;
                    !isClosed() && isDone() && waited.compareTo(IDLE) < 0;
                    waited = waited.plus(STEP)) {
                var next = searches.poll(STEP.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    underway.add(next);
                }
            }
            return !isClosed() && !isDone();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void search(Consumer<byte[], byte[]> consumer, List<Search> batch) {
        var ends = batch.stream()
                .collect(toMap(search -> new TopicPartition(topic, search.partition()), Search::until, Math::max));
        var open = new HashMap<>(ends);
        consumer.assign(ends.keySet());
        consumer.resume(ends.keySet()); // the search before has paused what it had read
        starts(consumer, batch, ends).forEach(consumer::seek);
        while (!isClosed()
                && !open.isEmpty()
                && !batch.stream().allMatch(search -> search.watch().isUnused())) {
            open.entrySet().removeIf(end -> hasReached(consumer, end.getKey(), end.getValue()));
            if (!open.isEmpty()) {
                consumer.poll(POLL).forEach(sink);
                succeeded();
            }
        }
    }

    private static boolean hasReached(Consumer<byte[], byte[]> consumer, TopicPartition partition, long end) {
        var reached = consumer.position(partition) >= end;
        if (reached) {
            consumer.pause(Set.of(partition));
        }
        return reached;
    }

    private Map<TopicPartition, Long> starts(
            Consumer<byte[], byte[]> consumer, List<Search> batch, Map<TopicPartition, Long> ends) {
        var first = consumer.beginningOffsets(ends.keySet());
        var byTime = offsets(consumer, batch);
        var starts = new HashMap<TopicPartition, Long>();
        for (var search : batch) {
            var partition = new TopicPartition(topic, search.partition());
            var since = search.since();
            var start = since.isBeginning()
                    ? Long.valueOf(0)
                    : since.offset() != null ? since.offset() : byTime.getOrDefault(partition, ends.get(partition));
            starts.merge(partition, Objects.requireNonNull(start), Math::min);
        }
        starts.replaceAll((partition, start) -> Math.max(start, first.getOrDefault(partition, 0L)));
        return starts;
    }

    /** The first offset of each partition that is not older than its oldest search by time; none if all are older. */
    private Map<TopicPartition, Long> offsets(Consumer<byte[], byte[]> consumer, List<Search> batch) {
        var times = batch.stream()
                .filter(search -> search.since().time() != null)
                .collect(groupingBy(search -> new TopicPartition(topic, search.partition())))
                .entrySet()
                .stream()
                .collect(toMap(Map.Entry::getKey, entry -> earliest(entry.getValue())));
        var offsets = new HashMap<TopicPartition, Long>();
        if (!times.isEmpty()) {
            consumer.offsetsForTimes(times).forEach((partition, found) -> {
                if (found != null) {
                    offsets.put(partition, found.offset());
                }
            });
        }
        return offsets;
    }

    private Long earliest(List<Search> searches) {
        return searches.stream()
                .map(search -> Objects.requireNonNull(search.since().time()).minus(clockTolerance))
                .min(Instant::compareTo)
                .map(time -> Math.max(0, time.toEpochMilli()))
                .orElseThrow();
    }
}
