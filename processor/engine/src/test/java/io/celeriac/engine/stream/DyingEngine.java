package io.celeriac.engine.stream;

import io.celeriac.engine.consumer.EngineClients;
import io.celeriac.engine.consumer.NothingPublished;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.store.LogKey;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.StreamsConfig;

/**
 * An engine in a JVM of its own that dies at the worst moment: what it publishes lies in its producer until somebody flushes
 * it, and the first record of a chosen kind that it logs is delivered past the producer, at once. Then it halts. The order
 * is a legal one: results and changelog are different partitions, which nothing orders.
 *
 * <p>Arguments: bootstrap servers, namespace, state directory, a {@link Last}, and whether the barrier is there.
 */
public final class DyingEngine {

    /** Written just before the halt. */
    public static final String DIES = "ENGINE DIES";

    /** Which record of the changelog is the last thing that is delivered. */
    public enum Last {
        /** The removal of a task. */
        REMOVAL,
        /** The mark that tasks are done. */
        MARK
    }

    private DyingEngine() {}

    public static void main(String[] args) throws IOException {
        var namespace = args[1];
        var last = Last.valueOf(args[3]);
        var work = Handler.of("work", (task, context) -> {
            Thread.sleep(700); // some commits long, so that each task is logged
            return context.id();
        });
        var engine = new BareEngine(args[0], namespace, false, List.of(work));
        var published = Boolean.parseBoolean(args[4])
                ? engine.clients
                : new NothingPublished(); // without the barrier: what the usual order of Streams would know
        var lingering = Map.<String, Object>of(
                StreamsConfig.producerPrefix("linger.ms"),
                100_000,
                StreamsConfig.producerPrefix("delivery.timeout.ms"),
                300_000,
                StreamsConfig.producerPrefix("batch.size"),
                1 << 20);
        var clients = new DyingClients(engine.clients, deliverer(args[0]), last);
        engine.streams(engine.topology(published), clients, Path.of(args[2]), lingering)
                .start();
        ImpatientEngine.endWithParent();
    }

    private static KafkaProducer<byte[], byte[]> deliverer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** The engine's own clients, with the fault around the producer. */
    private record DyingClients(EngineClients engine, Producer<byte[], byte[]> deliverer, Last last)
            implements KafkaClientSupplier {

        @Override
        @SuppressWarnings("unchecked")
        public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
            var producer = engine.getProducer(config);
            return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                    DyingClients.class.getClassLoader(),
                    new Class<?>[] {Producer.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("send") && isLast((ProducerRecord<byte[], byte[]>) arguments[0])) {
                            deliverAndDie((ProducerRecord<byte[], byte[]>) arguments[0]);
                        }
                        try {
                            return method.invoke(producer, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private boolean isLast(ProducerRecord<byte[], byte[]> record) {
            return record.topic().endsWith("-changelog")
                    && switch (last) {
                        case REMOVAL -> record.value() == null;
                        case MARK -> LogKey.parse(record.key()).kind() == LogKey.Kind.ENDED;
                    };
        }

        private void deliverAndDie(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
            try {
                var unused = deliverer.send(record).get();
                System.out.println(DIES);
            } catch (ExecutionException e) {
                throw new IllegalStateException("not delivered", e);
            }
            Runtime.getRuntime().halt(1);
        }

        @Override
        public Admin getAdmin(Map<String, Object> config) {
            return engine.getAdmin(config);
        }

        @Override
        public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
            return engine.getConsumer(config);
        }

        @Override
        public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
            return engine.getRestoreConsumer(config);
        }

        @Override
        public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
            return engine.getGlobalConsumer(config);
        }
    }
}
