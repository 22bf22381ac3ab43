package io.celeriac.client.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.client.TaskClient;
import io.celeriac.contract.topic.TopicSettings;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TaskClientAutoConfigurationTest {

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, TaskClientAutoConfiguration.class));

    @Test
    void givesAServiceItsClient() {
        context.run(started -> assertThat(started).hasNotFailed().hasSingleBean(TaskClient.class));
    }

    @Test
    void readsWhatAllProgramsShare() {
        context.withPropertyValues("celeriac.namespace=acme", "celeriac.partitions=3", "celeriac.replication-factor=2")
                .run(started -> assertThat(started.getBean(TopicSettings.class))
                        .isEqualTo(new TopicSettings("acme", 3, (short) 2)));
    }

    @Test
    void stopsTheStartOnASettingThatCannotBe() {
        context.withPropertyValues("celeriac.partitions=0")
                .run(started -> assertThat(started)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessage("celeriac.partitions must be at least 1, but is 0"));
    }
}
