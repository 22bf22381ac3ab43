package io.celeriac.contract.asyncapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.celeriac.contract.Golden;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.topic.Topic;
import io.celeriac.contract.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** The document says what the code says. With {@code -Dupdate.guides=true} the test writes it anew. */
class AsyncApiTest {

    private static final Path FILE = Path.of("../../infra/docs/asyncapi.yaml");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES, YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER, YAMLWriteFeature.SPLIT_LINES)
            .build();

    /** Who reads the records of each message. */
    private static final Map<String, Function<byte[], Object>> READERS = Map.ofEntries(
            Map.entry("Task", TaskJson::task),
            Map.entry("TaskResult", TaskJson::result),
            Map.entry("Command", TaskJson::command),
            Map.entry("PurgeCommand", TaskJson::purge),
            Map.entry("WorkerCommand", TaskJson::workerCommand),
            Map.entry("ScheduleDeclaration", TaskJson::declaration),
            Map.entry("LiveSetting", TaskJson::liveSetting),
            Map.entry("Heartbeat", TaskJson::heartbeat),
            Map.entry("Workflow", TaskJson::workflowRecord),
            Map.entry("GroupAppend", TaskJson::workflowRecord),
            Map.entry("GroupComplete", TaskJson::workflowRecord),
            Map.entry("WorkflowCommand", TaskJson::workflowRecord),
            Map.entry("GroupPart", TaskJson::groupPart),
            Map.entry("MemberEnded", TaskJson::memberEnded),
            Map.entry("WorkflowState", TaskJson::workflowState),
            Map.entry("NodeState", TaskJson::nodeState));

    private static final ObjectNode DOCUMENT = new AsyncApiDocument().json();

    @Test
    void isTheCommittedFile() throws IOException {
        var yaml = YAML.writeValueAsString(DOCUMENT);
        if (Boolean.getBoolean("update.guides")) {
            Files.writeString(FILE, yaml);
        }

        assertThat(Files.readString(FILE)).isEqualTo(yaml);
        assertThat(YAML.readTree(yaml)).isEqualTo(YAML.readTree(DOCUMENT.toString()));
    }

    @Test
    void isValidAsyncApi() {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(new String(Golden.bytes("/asyncapi/asyncapi-3.0.0.schema.json"), UTF_8), InputFormat.JSON);

        assertThat(schema.validate(DOCUMENT.toString(), InputFormat.JSON)).isEmpty();
        assertThat(schema.validate(DOCUMENT.deepCopy().put("asyncapi", "4").toString(), InputFormat.JSON))
                .as("what the schema says of another version")
                .isNotEmpty();
    }

    @Test
    void everyReferenceHasATarget() {
        var references = new HashSet<String>();
        DOCUMENT.findValuesAsString("$ref").forEach(references::add);

        assertThat(references)
                .isNotEmpty()
                .allMatch(reference -> !DOCUMENT.at(reference.substring(1)).isMissingNode());
    }

    @Test
    void hasEveryTopicThatIsCreated() {
        var topics = new Topics(Topics.DEFAULT_NAMESPACE);
        var created = Arrays.stream(Topics.class.getMethods())
                .filter(method -> method.getReturnType() == Topic.class)
                .count();

        assertThat(DOCUMENT.get("channels").size()).isEqualTo((int) created);
        assertThat(DOCUMENT.at("/channels/tasks/address").stringValue()).isEqualTo(topics.tasksPrefix() + "{queue}");
    }

    /** Each example is read by the code, is valid by its schema, and is not when a required field is gone. */
    @Test
    void examplesAreRecords() {
        READERS.forEach((message, reader) -> {
            var examples = DOCUMENT.at("/components/messages/" + message + "/examples");
            assertThat(examples).as(message).isNotEmpty();
            for (var example : examples) {
                var payload = example.get("payload");
                assertThat(reader.apply(payload.toString().getBytes(UTF_8)))
                        .extracting(record -> record.getClass().getSimpleName())
                        .isEqualTo(message);
                assertThat(violations(message, payload))
                        .as("%s: %s", message, payload)
                        .isEmpty();
                for (var required : DOCUMENT.at("/components/schemas/" + message + "/required")) {
                    var less = ((ObjectNode) payload.deepCopy()).without(required.stringValue());
                    assertThat(violations(message, less))
                            .as("without %s", required)
                            .isNotEmpty();
                }
            }
        });
    }

    @Test
    void everyMessageButDeadLettersHasAReader() {
        var messages = new HashSet<>(DOCUMENT.at("/components/messages").propertyNames());
        messages.remove("DeadLetter");

        assertThat(messages).isEqualTo(READERS.keySet());
    }

    private List<Error> violations(String message, JsonNode payload) {
        var schema = DOCUMENT.objectNode().put("$ref", "#/components/schemas/" + message);
        schema.set("components", DOCUMENT.get("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(schema.toString(), InputFormat.JSON)
                .validate(payload.toString(), InputFormat.JSON);
    }
}
