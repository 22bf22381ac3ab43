package io.celeriac.gateway;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.access.AnswerTimeoutFilter;
import io.celeriac.gateway.access.BodyLimitFilter;
import io.celeriac.gateway.access.ProxyFilter;
import io.celeriac.gateway.access.SameSiteFilter;
import io.celeriac.gateway.access.WellFormedFilter;
import io.celeriac.gateway.load.BodyMemory;
import io.celeriac.results.query.ResultQueryConfiguration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** What all features share: the topics, the JSON of the wire, and what every request passes through. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
@Import(ResultQueryConfiguration.class)
class GatewayConfiguration {

    /** Closed with the application. */
    @Bean
    Admin admin(KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> config = kafka.buildAdminProperties();
        config.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        return Admin.create(config);
    }

    /** The topics, which are there once this bean is. */
    @Bean
    Topics topics(Admin admin, TopicProperties settings, Environment environment, KafkaConnectionDetails connection) {
        var queues = new LinkedHashSet<String>();
        queues.add(TaskRules.DEFAULT_QUEUE);
        queues.addAll(Binder.get(environment)
                .bind("celeriac.queues", Bindable.listOf(String.class))
                .orElse(List.of()));
        try {
            settings.provision(admin, queues);
        } catch (IllegalStateException e) {
            throw new GatewayStartException(
                    "The topics are not as they should be, or Kafka does not answer at spring.kafka.bootstrap-servers"
                            + " (KAFKA_BOOTSTRAP_SERVERS) " + connection.getBootstrapServers() + ": " + e.getMessage(),
                    e);
        }
        return settings.topics();
    }

    @Bean
    RedactionRules redactionRules(Environment environment) {
        return Binder.get(environment)
                .bindOrCreate(
                        "celeriac.redaction",
                        Bindable.of(RedactionRules.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    }

    @Bean
    TopicConsumers topicConsumers(KafkaProperties kafka, KafkaConnectionDetails connection, Topics topics) {
        Map<String, Object> config = kafka.buildConsumerProperties();
        config.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        return new TopicConsumers(config, topics.namespace() + ".gateway");
    }

    /** Bodies are written as the wire is, so that a result looks the same over HTTP and on its topic. */
    @Bean
    JsonMapper jsonMapper() {
        return TaskJson.MAPPER
                .rebuild()
                .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
                .build();
    }

    @Bean
    HealthIndicator kafkaHealthIndicator(Admin admin) {
        return new KafkaHealth(admin);
    }

    /** Goes first, so that all others see what the client sees. */
    @Bean
    FilterRegistrationBean<ProxyFilter> proxyFilter(GatewayProperties settings) {
        return first(new ProxyFilter(settings.trustedProxies()), 0);
    }

    /** As long as a body may take. */
    @Bean
    FilterRegistrationBean<AnswerTimeoutFilter> answerTimeoutFilter(GatewayProperties settings) {
        return first(new AnswerTimeoutFilter(settings.bodyTimeout()), 4);
    }

    @Bean
    FilterRegistrationBean<WellFormedFilter> wellFormedFilter() {
        return first(new WellFormedFilter(), 2);
    }

    @Bean
    FilterRegistrationBean<SameSiteFilter> sameSiteFilter(GatewayProperties settings, Environment environment) {
        Set<String> hosts = settings.allowedHosts();
        var anyHost = hosts.isEmpty() && !RequiredSettings.isLoopback(environment.getProperty("server.address"));
        return first(new SameSiteFilter(hosts, anyHost), 1);
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
            GatewayProperties settings,
            @Qualifier("bodyMemory") BodyMemory bodies,
            @Qualifier("batchMemory") BodyMemory batches) {
        var limits = new BodyLimitFilter.Limits(
                settings.maxTaskSize().toBytes(), settings.maxBatchSize().toBytes(), settings.bodyTimeout());
        return first(new BodyLimitFilter(limits, bodies, batches), 3);
    }

    private static <F extends jakarta.servlet.Filter> FilterRegistrationBean<F> first(F filter, int order) {
        var registration = new FilterRegistrationBean<F>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + order);
        return registration;
    }
}
