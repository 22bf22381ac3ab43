package io.celeriac.engine.stream;

import io.celeriac.engine.consumer.ConsumerGate;
import io.celeriac.engine.consumer.GroupMembers;
import io.celeriac.engine.store.DeduplicationWindow;
import io.celeriac.engine.store.StoredTaskCodec;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.testkit.MutableClock;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A partition with one owner, from its restoring to its end: does what Streams does, in the order that Streams does it,
 * but when it is told to. The one place where the engine's parts are put together.
 */
final class SimulatedPartition {

    /** Watches from outside. */
    interface Watcher {

        /** A record is about to be processed. */
        void taking(SimulatedCluster.Input record, long offset);

        /** A record has been processed. */
        void took(SimulatedCluster.Input record, long offset);

        void publishes(OutboundRecord publication);

        void committed();
    }

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LONG_SESSION = Duration.ofDays(1_000); // heartbeats come from a thread of their own

    private final SimulatedCluster cluster;
    private final int generation;
    private final MutableClock clock;
    private final Watcher watcher;
    private final TopicPartition source;
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            super.subscribe(topics, listener);
            gate = listener;
        }

        @Override
        public synchronized ConsumerGroupMetadata groupMetadata() {
            return GroupMembers.member(generation);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polled = true;
            return super.poll(timeout);
        }
    };
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> gated;
    private final SimulatedCluster.LoggedStore log;
    private final UnfinishedTasks store;
    private final TaskProcessor processor;
    private ConsumerRebalanceListener gate;
    private Context context;
    private int position;
    private boolean commitNeeded;
    private boolean hasConsumed;
    private boolean polled;
    private final boolean exactlyOnce;

    SimulatedPartition(
            SimulatedCluster cluster,
            QueueProperties settings,
            QueueContext with,
            MutableClock clock,
            Watcher watcher) {
        this.cluster = cluster;
        generation = cluster.nextGeneration();
        this.clock = clock;
        this.watcher = watcher;
        source = new TopicPartition(settings.topic(), 0);
        exactlyOnce = settings.exactlyOnce();
        cluster.watch(watcher::publishes);
        gated = ConsumerGate.around(consumer, clock, Duration.ZERO, LONG_SESSION, cluster::sent);
        log = cluster.new LoggedStore();
        store = new UnfinishedTasks(
                log,
                new StoredTaskCodec(
                        settings.queue(),
                        settings.topic(),
                        (task, why) ->
                                with.outcomes().refused(task, why, with.clock().instant())),
                new DeduplicationWindow(settings.deduplication().toMillis(), DeduplicationWindow.MOST));
        processor = new TaskProcessor(settings, with);
        consumer.updateBeginningOffsets(Map.of(source, 0L));
        gated.subscribe(List.of(settings.topic()), new Rebalance());
        consumer.rebalance(List.of(source));
    }

    /** Restores, and goes on from the committed offset. */
    void open() {
        gated.pause(List.of(source));
        gated.poll(Duration.ZERO);
        log.restore();
        position = cluster.committed();
        hasConsumed = false; // a task that is revived remembers that it has, but what it remembers is no help
        consumer.seek(source, position);
        context = new Context();
        processor.init(context.typed());
        gated.resume(List.of(source));
    }

    /** One round of the stream thread. */
    void pass(int records, boolean commits) {
        gated.poll(POLL);
        var fetched = consumer.paused().contains(source) ? 0 : records;
        for (int i = 0; i < fetched && position < cluster.topic().size(); i++) {
            take();
        }
        context.punctuate();
        if ((commits || context.commitAsked) && isCommitNeeded()) {
            commit();
        }
    }

    /** As Streams finds out: {@code StreamTask.commitNeeded} looks at the positions of what it has consumed from. */
    private boolean isCommitNeeded() {
        return commitNeeded || (hasConsumed && gated.position(source) > position);
    }

    /** Takes a record, in the middle of a pass. */
    void take() {
        var record = cluster.topic().get(position);
        watcher.taking(record, position);
        processor.process(
                new Record<>(record.key(), record.value(), QueueScenario.START.toEpochMilli(), new RecordHeaders()));
        watcher.took(record, position);
        consumer.seek(source, ++position);
        commitNeeded = true;
        hasConsumed = true;
    }

    /** The consumer goes elsewhere, as there is nothing at its position. */
    void seek(int offset) {
        position = offset;
        consumer.seek(source, offset);
    }

    /** What a commit does first. */
    void flush() {
        store.flushCache();
        cluster.flush();
    }

    /** Whether a record has not been taken, or a task waits for its time. */
    boolean hasMoreToDo() {
        return position < cluster.topic().size() || processor.tasks().nextDue() != null;
    }

    void commit() {
        store.flushCache();
        cluster.flushAndCheck();
        gated.commitSync(Map.of(source, new OffsetAndMetadata(position))); // is guarded
        if (store.hasUnlogged()) {
            throw new AssertionError("a commit has gone past what is not logged");
        }
        cluster.commit(position);
        commitNeeded = false;
        context.commitAsked = false;
        watcher.committed();
    }

    /** A commit that its process did not live to see the end of. */
    void beginCommit(LifeStep.Reached reached) {
        if (reached == LifeStep.Reached.NOTHING) {
            return;
        }
        store.flushCache();
        if (reached == LifeStep.Reached.PRODUCER_FLUSHED) {
            cluster.flushAndCheck();
        }
    }

    /** As Streams does after any failure: it flushes the store once more, and swallows what comes of it. */
    void closeDirty(Consumer<RuntimeException> swallowed) {
        if (commitNeeded) {
            try {
                store.flushCache();
            } catch (RuntimeException e) {
                swallowed.accept(e);
            }
        }
        close();
        cluster.closeProducer();
    }

    private void close() {
        processor.close();
        store.close();
        commitNeeded = false;
    }

    /** Up to where the consumer itself is asked for records, which is when it may tell of a rebalance. */
    void comeToPoll() {
        polled = false;
        gated.poll(Duration.ZERO);
        while (!polled) {
            clock.advance(Duration.ofMillis(1));
            context.punctuate();
            gated.poll(Duration.ZERO);
        }
    }

    void drain() {
        processor.tasks().drain();
    }

    /** It is revoked, with notice. */
    void revoked() {
        gate.onPartitionsRevoked(List.of(source));
    }

    /** It has gone, without notice. */
    void lost() {
        gate.onPartitionsLost(List.of(source));
    }

    /** What is still to be done by itself, in words; empty for nothing. */
    Optional<String> unrest() {
        if (processor.tasks().hasWork()) {
            return Optional.of("every poll returns at once, for work that nobody does");
        }
        var onlyTicks = exactlyOnce && !hasConsumed; // nothing else could make it commit
        return context.timers.isEmpty() || onlyTicks
                ? Optional.empty()
                : Optional.of("a timer fires every " + context.timers.get(0).interval);
    }

    /** What Streams does when its consumer tells it, behind the gate. */
    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (isCommitNeeded()) {
                commit();
            }
            close();
            cluster.closeProducer();
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            closeDirty(swallowed -> {
                throw new AssertionError("nothing is flushed of a partition that is lost", swallowed);
            });
        }
    }

    private static final class Timer implements Cancellable {

        private final List<Timer> timers;
        private final Duration interval;
        private final Punctuator punctuator;
        private long next;

        Timer(List<Timer> timers, Duration interval, Punctuator punctuator, long next) {
            this.timers = timers;
            this.interval = interval;
            this.punctuator = punctuator;
            this.next = next;
        }

        @Override
        public void cancel() {
            timers.remove(this);
        }
    }

    private final class Context extends MockProcessorContext<Object, OutboundRecord> {

        private static final Properties CONFIG = config();

        private final List<Timer> timers = new ArrayList<>();
        private boolean commitAsked;

        Context() {
            super(CONFIG, new TaskId(0, 0), new File("target"));
            addStateStore(store);
        }

        /** An array is no bound for a type of its own, so the keys here are objects. */
        @SuppressWarnings("unchecked")
        private ProcessorContext<byte[], OutboundRecord> typed() {
            return (ProcessorContext<byte[], OutboundRecord>) (ProcessorContext<?, ?>) this;
        }

        private static Properties config() {
            var config = new Properties();
            config.put(StreamsConfig.APPLICATION_ID_CONFIG, "simulated");
            config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:9092");
            return config;
        }

        @Override
        public Optional<RecordMetadata> recordMetadata() {
            var offset = position;
            return Optional.of(new RecordMetadata() {
                @Override
                public String topic() {
                    return source.topic();
                }

                @Override
                public int partition() {
                    return source.partition();
                }

                @Override
                public long offset() {
                    return offset;
                }
            });
        }

        @Override
        public Cancellable schedule(Duration interval, PunctuationType type, Punctuator punctuator) {
            var timer = new Timer(timers, interval, punctuator, clock.millis() + interval.toMillis());
            timers.add(timer);
            return timer;
        }

        private void punctuate() {
            for (var timer : List.copyOf(timers)) {
                if (timers.contains(timer) && timer.next <= clock.millis()) {
                    timer.next = clock.millis() + timer.interval.toMillis();
                    commitNeeded = true;
                    timer.punctuator.punctuate(clock.millis());
                }
            }
        }

        @Override
        public <K, V extends OutboundRecord> void forward(Record<K, V> record, String sink) {
            watcher.publishes(record.value());
            cluster.publish(record.value());
        }

        @Override
        public void commit() {
            commitAsked = true;
        }
    }
}
