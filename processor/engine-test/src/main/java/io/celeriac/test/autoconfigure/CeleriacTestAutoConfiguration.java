package io.celeriac.test.autoconfigure;

import io.celeriac.client.Delivery;
import io.celeriac.client.TaskSender;
import io.celeriac.client.autoconfigure.TaskClientAutoConfiguration;
import io.celeriac.client.autoconfigure.TaskClientAutoConfiguration.DeliveryOutlet;
import io.celeriac.client.autoconfigure.TaskClientAutoConfiguration.TaskProducer;
import io.celeriac.client.result.ResultSource;
import io.celeriac.client.transaction.AfterCommitOutlet;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.autoconfigure.EngineAutoConfiguration;
import io.celeriac.engine.autoconfigure.HandlerScan;
import io.celeriac.test.TaskSandbox;
import io.celeriac.test.TestClock;
import io.celeriac.test.autoconfigure.AutoConfigureCeleriac.Mode;
import io.celeriac.test.sent.SentTasks;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionSynchronization;

/** The sandbox as beans, in the place of producer, results and clock. */
@AutoConfiguration(before = {TaskClientAutoConfiguration.class, EngineAutoConfiguration.class})
@ConditionalOnProperty("celeriac.test.mode")
public class CeleriacTestAutoConfiguration {

    private static final int MAX_REQUEST_BYTES = 1 << 20; // Kafka's default

    @Bean
    @Primary
    TestClock celeriacTestClock() {
        return TestClock.start();
    }

    @Bean(destroyMethod = "close")
    TaskSandbox taskSandbox(
            TopicProperties topics,
            TestClock clock,
            ListableBeanFactory beans,
            ObjectProvider<TaskListener> listeners,
            Environment environment) {
        var sandbox = TaskSandbox.builder()
                .topics(topics.topics())
                .clock(clock)
                .listeners(() -> listeners.orderedStream().toList());
        if (environment.getRequiredProperty("celeriac.test.mode", Mode.class) == Mode.INLINE) {
            var rules = Binder.get(environment)
                    .bind("celeriac.redaction", RedactionRules.class)
                    .orElse(RedactionRules.NONE);
            sandbox.handlers(() -> HandlerScan.scan(beans).redacted(rules));
        }
        return sandbox.build();
    }

    @Bean
    TaskProducer taskProducer(TaskSandbox sandbox) {
        return new TaskProducer(sandbox.producer(), MAX_REQUEST_BYTES);
    }

    @Bean
    ResultSource taskResults(TaskSandbox sandbox) {
        return sandbox.results();
    }

    @Bean
    SentTasks sentTasks(TaskSandbox sandbox) {
        return sandbox.sent();
    }

    /** Stands for the outbox: sends when the transaction has committed, and not at all when it has not. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TransactionSynchronization.class)
    static class OutboxConfiguration {

        @Bean
        DeliveryOutlet outboxOutlet(TaskSender sender) {
            return new DeliveryOutlet(Delivery.OUTBOX, new AfterCommitOutlet(sender));
        }
    }
}
