package io.celeriac.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaNodeIT {

    @TempDir
    Path directory;

    @Test
    void keepsTopicsAndRecordsOverARestart() throws Exception {
        List<Integer> ports = FreePorts.pick(2);
        var settings = KafkaNodeSettings.single(directory.resolve("node"), ports.get(0), ports.get(1));
        try (var node = KafkaNode.start(settings)) {
            assertThatThrownBy(() -> send(node, "nobody-made-this"))
                    .as("a topic nobody made is a mistake, not a wish")
                    .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
            createTopic(node, "kept");
            send(node, "kept");
        }
        try (var node = KafkaNode.start(settings)) {
            assertThat(firstValue(node, "kept")).isEqualTo("value");
        }
    }

    @Test
    void refusesADirectoryThatAnotherNodeUsesAndHarmsNobody() throws Exception {
        List<Integer> ports = FreePorts.pick(4);
        var settings = KafkaNodeSettings.single(directory.resolve("node"), ports.get(0), ports.get(1));
        var same = KafkaNodeSettings.single(directory.resolve("node"), ports.get(2), ports.get(3));
        try (var node = KafkaNode.start(settings)) {
            assertThatThrownBy(() -> KafkaNode.start(same))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("another server is using " + directory);
            createTopic(node, "kept");
            send(node, "kept");
            assertThat(firstValue(node, "kept")).isEqualTo("value");
        }
    }

    private static void createTopic(KafkaNode node, String topic) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static void send(KafkaNode node, String topic) throws ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", node.bootstrapServers(), "max.block.ms", 2000);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            var unused =
                    producer.send(new ProducerRecord<>(topic, "key", "value")).get();
        }
    }

    private static String firstValue(KafkaNode node, String topic) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", node.bootstrapServers(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            var records = consumer.poll(Duration.ofSeconds(10));
            return records.iterator().next().value();
        }
    }
}
