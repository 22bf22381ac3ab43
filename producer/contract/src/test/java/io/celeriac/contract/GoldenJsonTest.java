package io.celeriac.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden files are the wire: what people wrote against them must be read, and written back, the same for ever. */
class GoldenJsonTest {

    private static final Schema TASK = schema("task.schema.json");
    private static final Schema RESULT = schema("task-result.schema.json");

    @ParameterizedTest
    @ValueSource(strings = {"task-minimal.json", "task-full.json"})
    void readsAndWritesATaskUnchanged(String file) {
        var golden = golden(file);

        var written = new String(TaskJson.bytes(TaskJson.task(golden.getBytes(UTF_8))), UTF_8);

        assertThat(TaskJson.MAPPER.readTree(written)).isEqualTo(TaskJson.MAPPER.readTree(golden));
        assertThat(written).isEqualTo(compact(golden));
        assertThat(violations(TASK, golden)).isEmpty();
        assertThat(violations(TASK, written)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"result-success.json", "result-retry.json", "result-revoked.json"})
    void readsAndWritesAResultUnchanged(String file) {
        var golden = golden(file);

        var written = new String(TaskJson.bytes(TaskJson.result(golden.getBytes(UTF_8))), UTF_8);

        assertThat(written).isEqualTo(compact(golden));
        assertThat(violations(RESULT, golden)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"command-revoke.json", "command-terminate.json"})
    void readsAndWritesACommandUnchanged(String file) {
        var golden = golden(file);

        assertThat(new String(TaskJson.bytes(TaskJson.command(golden.getBytes(UTF_8))), UTF_8))
                .isEqualTo(compact(golden));
    }

    @Test
    void readsAndWritesWhatPassesBetweenPeopleAndWorkersUnchanged() {
        assertUnchanged("command-purge.json", TaskJson::purge);
        assertUnchanged("command-drain.json", TaskJson::workerCommand);
        assertUnchanged("setting-pause.json", TaskJson::liveSetting);
        assertUnchanged("setting-handler.json", TaskJson::liveSetting);
        assertUnchanged("heartbeat.json", TaskJson::heartbeat);
    }

    private static void assertUnchanged(String file, Function<byte[], ?> reader) {
        var golden = golden(file);
        assertThat(new String(TaskJson.bytes(reader.apply(golden.getBytes(UTF_8))), UTF_8))
                .isEqualTo(compact(golden));
    }

    @ParameterizedTest
    @ValueSource(strings = {"declare-schedules.json", "declare-schedules-empty.json"})
    void readsAndWritesADeclarationUnchanged(String file) {
        var golden = golden(file);

        var declaration = TaskJson.declaration(golden.getBytes(UTF_8));

        assertThat(new String(declaration.bytes(), UTF_8)).isEqualTo(compact(golden));
        assertThat(declaration.key()).isEqualTo("schedules/billing");
        assertThat(TaskJson.commandIn(golden.getBytes(UTF_8))).contains(ScheduleDeclaration.COMMAND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"task\":\"a b\"}",
                "{\"task\":\"a\",\"id\":\"no spaces\"}",
                "{\"task\":\"a\",\"args\":6}",
                "{\"task\":\"a\",\"kwargs\":[]}",
                "{\"task\":\"a\",\"priority\":10}",
                "{\"task\":\"a\",\"maxAttempts\":0}",
                "{\"task\":\"a\",\"key\":\"\"}",
                "{\"task\":\"a\",\"labels\":{\"n\":1}}",
                "{\"task\":\"a\",\"onSuccess\":[{\"task\":\"b\",\"id\":\"x\"}]}",
                "{\"task\":\"a\",\"onSuccess\":[{\"task\":\"b\",\"queue\":\"No\"}]}",
                "{\"task\":\"a\",\"schedule\":{\"name\":\"s\"}}",
                "{\"task\":\"a\",\"trackStarted\":\"yes\"}",
                "{\"task\":\"a\",\"backoff\":{\"kind\":\"odd\"}}"
            })
    void codeAndSchemaRefuseTheSame(String json) {
        assertThat(violations(TASK, json)).isNotEmpty();
        assertThat(catchInvalid(json)).isNotNull();
    }

    @Test
    void keepsEveryDigitOfANumber() {
        var task = TaskJson.task(golden("task-full.json").getBytes(UTF_8));

        assertThat(task.kwargs().get("amount").decimalValue().toPlainString()).isEqualTo("12345678901234567890.10");
        assertThat(task.args().get(5).decimalValue().toPlainString()).isEqualTo("19.990");
    }

    private static Exception catchInvalid(String json) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(
                InvalidTaskException.class, () -> TaskJson.task(json.getBytes(UTF_8)));
    }

    private static List<Error> violations(Schema schema, String json) {
        return schema.validate(json, InputFormat.JSON);
    }

    private static Schema schema(String name) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(read("/io/celeriac/contract/" + name), InputFormat.JSON);
    }

    private static String golden(String name) {
        return read("/golden/" + name);
    }

    private static String compact(String json) {
        return TaskJson.MAPPER.readTree(json).toString();
    }

    private static String read(String path) {
        try (var in = GoldenJsonTest.class.getResourceAsStream(path)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
