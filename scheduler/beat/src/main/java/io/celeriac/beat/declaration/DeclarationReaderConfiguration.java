package io.celeriac.beat.declaration;

import io.celeriac.beat.loop.Loops;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.schedule.declaration.DeclarationConfiguration;
import io.celeriac.schedule.declaration.Declarations;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The reader of declarations, as a part of the scheduler. */
@Configuration(proxyBeanMethods = false)
@Import(DeclarationConfiguration.class)
public class DeclarationReaderConfiguration {

    @Bean
    DeclarationReader declarationReader(
            TopicProperties topics,
            Admin admin,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            Declarations declarations,
            Loops loops) {
        return new DeclarationReader(
                topics.topics().control(), admin, () -> consumer(kafka, connection), declarations, loops);
    }

    private static Consumer<byte[], byte[]> consumer(KafkaProperties kafka, KafkaConnectionDetails connection) {
        var config = kafka.buildConsumerProperties();
        config.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
