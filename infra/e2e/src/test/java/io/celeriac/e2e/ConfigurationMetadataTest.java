package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The jars describe the settings, so that an editor completes {@code celeriac.*}. */
class ConfigurationMetadataTest {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    @Test
    void describesTheSettingsOfEachModule() throws IOException {
        var descriptions = new TreeMap<String, String>();
        settings().forEach(setting -> descriptions.put(name(setting), description(setting)));

        assertThat(descriptions)
                .containsEntry("celeriac.worker.queues", "The queues whose tasks this worker runs.")
                .containsKeys(
                        "celeriac.namespace",
                        "celeriac.redaction.rules",
                        "celeriac.client.routes",
                        "celeriac.client.results.idle",
                        "celeriac.client.outbox.enabled",
                        "celeriac.worker.periodic-tasks.delete-gone",
                        "celeriac.results.retention.keep",
                        "celeriac.schedule.database-retries",
                        "celeriac.beat.max-sleep",
                        "celeriac.web.allowed-hosts",
                        "celeriac.access.enabled");
    }

    @Test
    void leavesNoSettingWithoutDescription() throws IOException {
        var bare = new TreeSet<String>();
        for (var setting : settings()) {
            if (description(setting).isBlank()) {
                bare.add(name(setting));
            }
        }

        assertThat(bare).isEmpty();
    }

    private static String name(JsonNode setting) {
        return setting.path("name").asString("");
    }

    private static String description(JsonNode setting) {
        return setting.path("description").asString("");
    }

    private static List<JsonNode> settings() throws IOException {
        var all = new ArrayList<JsonNode>();
        for (var file : Collections.list(
                ConfigurationMetadataTest.class.getClassLoader().getResources(METADATA))) {
            try (var json = file.openStream()) {
                TaskJson.MAPPER.readTree(json).path("properties").forEach(setting -> {
                    if (name(setting).startsWith("celeriac.")) {
                        all.add(setting);
                    }
                });
            }
        }
        return all;
    }
}
