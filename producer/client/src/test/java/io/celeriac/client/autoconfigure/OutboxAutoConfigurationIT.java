package io.celeriac.client.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.client.outbox.Outbox;
import io.celeriac.client.outbox.OutboxHealth;
import io.celeriac.client.outbox.OutboxMetrics;
import io.celeriac.testkit.TestStack;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class OutboxAutoConfigurationIT {

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    KafkaAutoConfiguration.class, OutboxAutoConfiguration.class, TaskClientAutoConfiguration.class))
            .withBean(DataSource.class, OutboxAutoConfigurationIT::database)
            .withPropertyValues(
                    "celeriac.client.outbox.enabled=true",
                    "celeriac.namespace=" + TestStack.uniqueName("outbox"),
                    "spring.kafka.bootstrap-servers=" + TestStack.kafka().bootstrapServers());

    private static DataSource database() {
        var created = TestStack.createDatabase();
        return new DriverManagerDataSource(created.jdbcUrl(), created.username(), created.password());
    }

    @Test
    void givesAServiceItsOutboxWithMetricsAndHealth() {
        context.run(started -> assertThat(started)
                .hasNotFailed()
                .hasSingleBean(Outbox.class)
                .hasSingleBean(OutboxMetrics.class)
                .hasSingleBean(OutboxHealth.class));
    }

    @Test
    void needsNeitherMicrometerNorActuator() {
        context.withClassLoader(new FilteredClassLoader("io.micrometer", "org.springframework.boot.health"))
                .run(started -> assertThat(started)
                        .hasNotFailed()
                        .hasSingleBean(Outbox.class)
                        .doesNotHaveBean("taskOutboxMetrics")
                        .doesNotHaveBean("taskOutboxHealthIndicator"));
    }
}
