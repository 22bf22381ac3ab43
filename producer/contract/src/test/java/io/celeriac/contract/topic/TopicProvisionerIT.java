package io.celeriac.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.testkit.TestStack;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An accepted task that no worker has read must not be deleted, neither for its age nor for the size of its topic. */
class TopicProvisionerIT {

    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()));
    private final TopicProperties settings = new TopicProperties(TestStack.uniqueName("topics"), null, null);
    private final String tasks = settings.topics().tasks("default");

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void keepsTasksUntilTheyAreReadAndRevocationsForAMonth() throws Exception {
        settings.provision(admin, List.of("default"));

        assertThat(config(tasks, "retention.ms")).isEqualTo("-1");
        assertThat(config(tasks, "retention.bytes")).isEqualTo("-1");
        assertThat(config(settings.topics().control(), "retention.ms")).isEqualTo("2592000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"retention.ms", "retention.bytes"})
    void refusesATopicThatWouldDeleteUnreadTasksAndTellsWhatMendsIt(String limit) throws Exception {
        admin.createTopics(List.of(new NewTopic(tasks, Optional.of(2), Optional.empty())
                        .configs(Map.of(limit, "604800000", other(limit), "-1"))))
                .all()
                .get();

        assertThatThrownBy(() -> settings.provision(admin, List.of("default")))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("topic " + tasks + " exists with " + limit + " 604800000")
                .hasMessageContaining("--entity-name " + tasks + " --add-config retention.bytes=-1,retention.ms=-1");

        var resource = new ConfigResource(ConfigResource.Type.TOPIC, tasks);
        var mended = new AlterConfigOp(new ConfigEntry(limit, "-1"), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(mended))).all().get();
        settings.provision(admin, List.of("default"));
    }

    private static String other(String limit) {
        return limit.equals("retention.ms") ? "retention.bytes" : "retention.ms";
    }

    private String config(String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value();
    }
}
