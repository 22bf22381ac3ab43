package io.celeriac.controlweb.fleet;

import io.celeriac.contract.topic.Topics;
import io.celeriac.web.kafka.TopicConsumers;
import io.celeriac.web.loop.Loops;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures what reads from and writes to the workers' topics. */
@Configuration(proxyBeanMethods = false)
class FleetConfiguration {

    private static final int FETCH = 8 << 20;
    private static final int MAX_BLOCK = 5_000;

    @Bean
    Fleet fleet(InstantSource clock) {
        return new Fleet(clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    FleetReader fleetReader(TopicConsumers consumers, Topics topics, Fleet fleet, InstantSource clock, Loops loops) {
        return new FleetReader(
                () -> consumers.open("fleet", "earliest", FETCH),
                topics.workers(),
                topics.settings(),
                fleet,
                clock,
                loops);
    }

    @Bean
    CommandProducer commandProducer(KafkaProperties kafka, KafkaConnectionDetails connection, Topics topics) {
        var config = kafka.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, topics.namespace() + ".gateway.commands");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK);
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return new CommandProducer(new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    @Bean
    Commands commands(CommandProducer producer, Admin admin, Topics topics, Fleet fleet) {
        return new Commands(producer.client(), admin, topics, fleet);
    }

    /** A producer that is no bean itself: an application may have some of its own, and looks for one by its type. */
    record CommandProducer(KafkaProducer<byte[], byte[]> client) implements DisposableBean {

        @Override
        public void destroy() {
            client.close();
        }
    }
}
