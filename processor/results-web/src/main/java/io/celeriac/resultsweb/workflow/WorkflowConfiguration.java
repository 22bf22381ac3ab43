package io.celeriac.resultsweb.workflow;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.topic.Topics;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.workflow.WorkflowRepository;
import io.celeriac.web.kafka.QueueDirectory;
import java.time.InstantSource;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind the controllers of workflows. */
@Configuration(proxyBeanMethods = false)
class WorkflowConfiguration {

    private static final int MAX_BLOCK = 10_000;

    @Bean
    WorkflowRepository workflowRepository(DataSource database, ResultTables tables) {
        return new WorkflowRepository(database, tables);
    }

    @Bean
    WorkflowTrees workflowTrees(WorkflowRepository workflows) {
        return new WorkflowTrees(workflows);
    }

    @Bean
    WorkflowRights workflowRights(WorkflowRepository workflows, QueueDirectory queues) {
        return new WorkflowRights(workflows, queues);
    }

    @Bean
    WorkflowReader workflowReader(InstantSource clock, TaskSender client) {
        return new WorkflowReader(clock, client::newId);
    }

    @Bean(destroyMethod = "close")
    WorkflowSender workflowSender(KafkaProperties kafka, KafkaConnectionDetails connection, Topics topics) {
        Map<String, Object> config = kafka.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, topics.namespace() + ".gateway.workflows");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK);
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        var maxRequest = config.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        return new WorkflowSender(
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
                topics,
                maxRequest == null ? Limits.REQUEST_BYTES : Integer.parseInt(maxRequest.toString()));
    }
}
