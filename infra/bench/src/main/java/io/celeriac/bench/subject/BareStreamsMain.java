package io.celeriac.bench.subject;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.topic.Topics;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The same as {@link BareLoopMain} as a topology of Kafka Streams that does its work in {@code process()}: what Streams
 * costs by itself. Arguments: bootstrap servers, namespace, {@code at_least_once} or {@code exactly_once_v2}, directory.
 */
public final class BareStreamsMain {

    private BareStreamsMain() {}

    public static void main(String[] args) throws InterruptedException {
        Parent.endWithIt();
        var running = new CountDownLatch(1);
        try (var streams = new KafkaStreams(topology(new Topics(args[1])), config(args))) {
            streams.setStateListener((now, before) -> {
                if (now == KafkaStreams.State.RUNNING) {
                    running.countDown();
                }
            });
            streams.start();
            running.await();
            System.out.println(Ready.MARKER);
            Thread.currentThread().join(); // until the harness ends it
        }
    }

    private static Topology topology(Topics topics) {
        var bytes = new ByteArrayDeserializer();
        var serializer = new ByteArraySerializer();
        return new Topology()
                .addSource("tasks", bytes, bytes, topics.tasks(TaskRules.DEFAULT_QUEUE))
                .addProcessor("run", Run::new, "tasks")
                .addSink("results", topics.results(), serializer, serializer, "run");
    }

    private static Properties config(String[] args) {
        var config = new Properties();
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1] + ".bare");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, args[2]);
        config.put(StreamsConfig.STATE_DIR_CONFIG, args[3]);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, SameAsEngine.COMMIT_INTERVAL_MS);
        config.put(StreamsConfig.POLL_MS_CONFIG, SameAsEngine.POLL_MS);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), SameAsEngine.LINGER_MS);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), SameAsEngine.BATCH_SIZE);
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
                SameAsEngine.MAX_POLL_RECORDS);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return config;
    }

    private static final class Run extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

        private final NoopTask task = new NoopTask("bare-streams", InstantSource.system());

        @Override
        public void process(Record<byte[], byte[]> record) {
            var from = context().recordMetadata().orElseThrow();
            context().forward(record.withValue(task.run(record.value(), from.partition(), from.offset())));
        }
    }
}
