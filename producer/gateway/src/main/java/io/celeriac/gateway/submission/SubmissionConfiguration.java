package io.celeriac.gateway.submission;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.WebProperties;
import io.celeriac.web.caller.ChosenIds;
import io.celeriac.web.caller.QueueOfTask;
import io.celeriac.web.kafka.QueueDirectory;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind {@link SubmissionController}. */
@Configuration(proxyBeanMethods = false)
class SubmissionConfiguration {

    private static final int BATCHES_AT_ONCE = 2;

    @Bean
    SubmissionReader submissionReader(InstantSource clock, WebProperties settings) {
        return new SubmissionReader(clock, settings.maxTaskSize().toBytes());
    }

    @Bean
    SubmissionRights submissionRights(QueueDirectory queues, ChosenIds ids, ObjectProvider<QueueOfTask> known) {
        return new SubmissionRights(queues, ids, known::getIfAvailable);
    }

    /** Batches have producers of their own, since a transaction includes everything that its producer sends. */
    @Bean(destroyMethod = "close")
    BatchSender batchSender(
            KafkaProperties kafka, KafkaConnectionDetails connection, TaskSender client, Topics topics) {
        Map<String, Object> config = kafka.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        return new BatchSender(
                BatchProducers.of(config, topics.namespace() + ".gateway.batch", BATCHES_AT_ONCE), client);
    }
}
