package io.celeriac.results.retention;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.results.ResultsProperties;
import io.celeriac.results.loop.LoopWatch;
import io.celeriac.results.table.ResultTables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Configures the deletion of expired tasks, in a program with a materializer. Disabled by
 * {@code celeriac.results.retention.enabled=false}, or without a materializer.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "celeriac.results.materializer.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "celeriac.results.retention.enabled", matchIfMissing = true)
public class RetentionConfiguration {

    @Bean(destroyMethod = "close")
    Janitor janitor(
            DataSource database,
            ResultTables tables,
            ResultsProperties settings,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            Environment environment,
            ObjectProvider<LoopWatch> loops,
            ObjectProvider<InstantSource> clock) {
        var policy = new RetentionPolicy(settings.retention());
        var janitor = new Janitor(
                policy,
                new RetentionRepository(database, tables),
                clock.getIfAvailable(InstantSource::system),
                settings.retention().batchSize(),
                loops.getIfAvailable(() -> new LoopWatch(new SimpleMeterRegistry()))
                        .loop("retention"));
        if (settings.retention().topic()) {
            var topics = Binder.get(environment)
                    .bindOrCreate("celeriac", TopicProperties.class)
                    .topics();
            policy.longest().ifPresent(keep -> {
                var results = new ResultsTopicRetention(() -> admin(kafka, connection), topics.results(), keep);
                var workflows =
                        new ResultsTopicRetention(() -> admin(kafka, connection), topics.workflowStates(), keep);
                janitor.beforeEachLook(() -> {
                    results.ensure();
                    workflows.ensure();
                });
            });
        }
        janitor.start(settings.retention().interval());
        return janitor;
    }

    private static Admin admin(KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> config = kafka.buildAdminProperties();
        config.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        return Admin.create(config);
    }
}
