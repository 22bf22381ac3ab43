package io.celeriac.bench.calling;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskSender;
import io.celeriac.client.result.ResultReader;
import io.celeriac.client.result.ResultReaderProperties;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.contract.topic.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The client as a Spring Boot application has it: the settings of its producer and its consumer are those of the starter. */
final class Client implements AutoCloseable {

    private static final int REQUEST_BYTES = 1 << 20;

    private final KafkaProducer<byte[], byte[]> producer;
    private final ResultReader results;
    private final Topics topics;
    private final TaskClient tasks;
    private final WorkflowClient workflows;

    Client(String bootstrapServers, String namespace, InstantSource clock) {
        topics = new Topics(namespace);
        producer = new KafkaProducer<>(producerConfig(bootstrapServers));
        var consumer = consumerConfig(bootstrapServers);
        results = new ResultReader(
                more -> {
                    var own = new HashMap<>(consumer);
                    own.putAll(more);
                    return new KafkaConsumer<>(own);
                },
                topics.results(),
                ResultReaderProperties.DEFAULT,
                clock,
                ForkJoinPool.commonPool());
        var sender = new TaskSender(producer, topics, clock);
        tasks = new TaskClient(sender).reading(results);
        workflows = new WorkflowClient(producer, topics, sender, tasks, clock, REQUEST_BYTES);
    }

    static Map<String, Object> producerConfig(String bootstrapServers) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", bootstrapServers);
        config.put("acks", "all");
        config.put("enable.idempotence", true);
        config.put("key.serializer", ByteArraySerializer.class);
        config.put("value.serializer", ByteArraySerializer.class);
        return config;
    }

    static Map<String, Object> consumerConfig(String bootstrapServers) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", bootstrapServers);
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", false);
        config.put("key.deserializer", ByteArrayDeserializer.class);
        config.put("value.deserializer", ByteArrayDeserializer.class);
        return config;
    }

    TaskClient tasks() {
        return tasks;
    }

    WorkflowClient workflows() {
        return workflows;
    }

    Topics topics() {
        return topics;
    }

    @Override
    public void close() {
        results.close();
        producer.close();
    }
}
