package io.celeriac.engine.stream;

import io.celeriac.engine.consumer.Published;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.Sender;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The brokers as a worker's producer and consumer meet them, for one partition of a queue: records that were sent become
 * durable in order within a partition and in any order between partitions, unless a transaction holds them together.
 */
final class SimulatedCluster implements Published {

    /**
     * A record of the queue's topic; its offset is its place in the list.
     *
     * @param id of its task; null where it is none
     */
    record Input(byte[] key, byte[] value, @Nullable String id) {

        String what() {
            return id == null ? "garbage" : "a record of " + id;
        }
    }

    /** The inner store of an owner, whose changelog is the cluster's. */
    final class LoggedStore extends InMemoryKeyValueStore {

        LoggedStore() {
            super(TaskTopology.STORE);
        }

        void restore() {
            changelog.forEach(super::put);
        }

        @Override
        public synchronized KeyValueIterator<Bytes, byte[]> all() {
            scans++;
            return super.all();
        }

        @Override
        public synchronized void put(Bytes key, byte[] value) {
            super.put(key, value);
            send("changelog", () -> log(key, value));
        }

        @Override
        public synchronized byte[] delete(Bytes key) {
            var before = super.delete(key);
            send("changelog", () -> log(key, null));
            return before;
        }
    }

    private final boolean transactional;
    private final List<Input> topic = new ArrayList<>();
    private final TreeMap<Bytes, byte[]> changelog = new TreeMap<>(Comparator.<Bytes>naturalOrder());
    private final List<OutboundRecord> published = new ArrayList<>();
    private final Map<String, Queue<Runnable>> sent = new LinkedHashMap<>(); // and not yet durable, by partition
    private int committed;
    private int generation;
    private long sends;
    private long durable; // of the sends
    private long sentByStreams;
    private long flushedByStreams;
    private int scans;
    private boolean nextSendFails;
    private boolean sendFailed;
    private long failures;
    private int producer; // how many there were before
    private Consumer<OutboundRecord> watcher = record -> {};

    SimulatedCluster(boolean transactional) {
        this.transactional = transactional;
    }

    void append(Input input) {
        topic.add(input);
    }

    /** The topic is deleted, and another of its name is made. */
    void makeAnew() {
        topic.clear();
        committed = 0;
    }

    /** In the group. */
    int nextGeneration() {
        return ++generation;
    }

    List<Input> topic() {
        return topic;
    }

    int committed() {
        return committed;
    }

    Map<Bytes, byte[]> changelog() {
        return new HashMap<>(changelog);
    }

    /** What a consumer that reads only what is committed can see. */
    List<OutboundRecord> published() {
        return published;
    }

    /** The results of different tasks are taken to go to different partitions: that allows every order between them. */
    void publish(OutboundRecord publication) {
        publish(publication, () -> {});
    }

    private void publish(OutboundRecord publication, Runnable whenDurable) {
        if (nextSendFails) {
            nextSendFails = false;
            sendFailed = true;
            return;
        }
        var partition = switch (publication.destination()) {
            case RESULTS -> "results of " + Bytes.wrap(publication.key());
            case NEXT_STEPS -> "next steps";
            case WORKFLOW_EVENTS -> "workflow events";
            case DEAD_LETTERS -> "dead letters";
        };
        send(partition, () -> {
            published.add(publication);
            whenDurable.run();
        });
    }

    /** How much was ever sent. */
    @Override
    public long sent() {
        return sends;
    }

    /** How often an owner has begun to go through its whole store. */
    int scans() {
        return scans;
    }

    private void send(String partition, Runnable whenDurable) {
        sends++;
        sentByStreams++;
        sent.computeIfAbsent(partition, p -> new ArrayDeque<>()).add(whenDurable);
    }

    private void log(Bytes key, byte[] value) {
        if (value == null) {
            changelog.remove(key);
        } else {
            changelog.put(key, value);
        }
    }

    @Override
    public void flushPublished(long count) {
        if (durable < count || sendFailed) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (!transactional) {
            makeDurable();
        }
        if (sendFailed) {
            failures++;
        }
    }

    /** Publishes as the attempts of a worker do, which the simulation lets run while nothing else does. */
    @Override
    public @Nullable Sender sender() {
        var own = producer;
        return transactional
                ? null
                : (record, whenDurable) -> {
                    if (producer != own) {
                        throw new IllegalStateException("the producer is closed");
                    }
                    watcher.accept(record);
                    var byStreams = sentByStreams;
                    publish(record, whenDurable);
                    sentByStreams = byStreams;
                };
    }

    /** Tells of what is published without Streams. */
    void watch(Consumer<OutboundRecord> newWatcher) {
        watcher = newWatcher;
    }

    @Override
    public long failures() {
        return failures;
    }

    void failNextSend() {
        nextSendFails = true;
    }

    /** Whether a send has failed that nobody has made good yet. */
    boolean sendHasFailed() {
        return sendFailed;
    }

    /** As the record collector of Streams does it, which knows only what it has sent itself. */
    void flushAndCheck() {
        if (sentByStreams != flushedByStreams) {
            flush();
        }
        if (transactional && sendFailed) {
            throw new StreamsException("a send has failed");
        }
    }

    void commit(int offset) {
        if (transactional) {
            makeDurable();
        }
        committed = offset;
    }

    private void makeDurable() {
        sent.values().forEach(partition -> partition.forEach(Runnable::run));
        sent.clear();
        durable = sends;
        flushedByStreams = sentByStreams;
    }

    /** The producer is closed, and what it has sent arrives if it may. */
    void closeProducer() {
        if (!transactional) {
            makeDurable();
        }
        reset();
    }

    /** The producer dies: of each partition some first part of what was sent has arrived. */
    void killProducer(Random dice) {
        if (!transactional) {
            sent.values()
                    .forEach(partition -> partition.stream()
                            .limit(dice.nextInt(partition.size() + 1))
                            .forEach(Runnable::run));
        }
        reset();
    }

    private void reset() {
        producer++;
        sent.clear();
        sendFailed = false;
        nextSendFails = false;
    }
}
