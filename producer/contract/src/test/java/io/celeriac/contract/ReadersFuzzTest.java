package io.celeriac.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.celeriac.contract.control.Command;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.WireText;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Whatever bytes lie on a topic, a reader gives a value, which can be written and read again, or {@link InvalidTaskException}, whose words
 * can be written too. Anything else would stop the loop that reads the topic, and all that lies behind the record.
 */
@Timeout(24 * 3600)
class ReadersFuzzTest {

    private static final String HERE = "\u0000here";

    private static final List<Function<byte[], ?>> READERS = List.of(
            TaskJson::task,
            json -> TaskJson.task(TaskJson.parse(json)),
            TaskJson::result,
            TaskJson::command,
            TaskJson::declaration,
            TaskJson::purge,
            TaskJson::workerCommand,
            TaskJson::liveSetting,
            TaskJson::heartbeat,
            TaskJson::nameIn,
            TaskJson::commandIn);

    private static final Map<Class<?>, Function<byte[], ?>> BY_TYPE = Map.of(
            Task.class, TaskJson::task,
            TaskResult.class, TaskJson::result,
            Command.class, TaskJson::command,
            ScheduleDeclaration.class, TaskJson::declaration,
            PurgeCommand.class, TaskJson::purge,
            WorkerCommand.class, TaskJson::workerCommand,
            LiveSetting.class, TaskJson::liveSetting,
            Heartbeat.class, TaskJson::heartbeat);

    private static final List<String> GOLDEN = List.of(
            "command-revoke.json",
            "command-terminate.json",
            "command-purge.json",
            "command-drain.json",
            "setting-pause.json",
            "setting-handler.json",
            "heartbeat.json",
            "declare-schedules.json",
            "declare-schedules-empty.json",
            "result-retry.json",
            "result-revoked.json",
            "result-success.json",
            "task-full.json",
            "task-minimal.json");

    private static final List<String> ODD = odd();

    @Test
    void answersOddValuesInOneFieldOrSeveral() {
        Tries.repeat(1_500, random -> {
            var file = one(random, GOLDEN);
            var json = Golden.bytes("/golden/" + file);
            for (int i = random.nextInt(3); i >= 0; i--) {
                var tree = TaskJson.MAPPER.readTree(json);
                var changed = with(tree, one(random, places(tree)), one(random, ODD));
                assertAnswers(reader(file), changed);
                json = isTree(changed) ? changed : json;
            }
        });
    }

    @Test
    void answersJsonWithChangedBytes() {
        Tries.repeat(
                1_500,
                random -> assertAnswers(mutated(
                        random,
                        Golden.bytes("/golden/" + one(random, GOLDEN)),
                        Golden.bytes("/golden/" + one(random, GOLDEN)))));
    }

    @Test
    void answersAnyBytes() {
        Tries.repeat(1_500, random -> {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertAnswers(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) "{}[]\":,0123456789eE+-.truefalsn\\ud83c \n".charAt((bytes[i] & 0xff) % 39);
            }
            assertAnswers(bytes);
        });
    }

    @Test
    void answersRecordsThatAreVeryLargeOrVeryDeep() {
        for (var open : List.of("[", "{\"a\":", "[{\"task\":\"a\",\"onSuccess\":", "{\"task\":\"a\",\"onFailure\":[")) {
            for (var depth : List.of(64, 65, 101, 248, 499, 501, 100_000)) {
                for (var field : List.of("args", "onSuccess", "result")) {
                    assertAnswers(json("{\"task\":\"a\",\"" + field + "\":" + open.repeat(depth)));
                    assertAnswers(json("{\"task\":\"a\",\"" + field + "\":" + open.repeat(depth) + "[]"
                            + closing(open).repeat(depth) + "}"));
                }
            }
        }
        for (var large : List.of("9", "0.9", "\"x", "\"\\ud83c\\udf63", "[1,", "1e9", "-", "\"a\":1,", " ")) {
            var times = 300_000 / large.length();
            assertAnswers(json("{\"task\":\"a\",\"args\":[" + large.repeat(times) + "\"]}"));
            assertAnswers(json("{\"task\":\"a\",\"args\":[" + large + "0".repeat(300_000) + "]}"));
            assertAnswers(json("{\"task\":\"a\",\"x" + "x".repeat(times) + "\":" + large + "}"));
            assertAnswers(json("{" + large.repeat(times)));
        }
    }

    private static String closing(String open) {
        return new StringBuilder(open)
                .reverse()
                .chars()
                .mapToObj(c -> c == '[' ? "]" : c == '{' ? "}" : "")
                .collect(Collectors.joining());
    }

    private static Function<byte[], ?> reader(String golden) {
        return switch (golden.replaceAll("[-.].*", "")) {
            case "task" -> TaskJson::task;
            case "result" -> TaskJson::result;
            case "command" ->
                golden.contains("purge")
                        ? TaskJson::purge
                        : golden.contains("drain") ? TaskJson::workerCommand : TaskJson::command;
            case "setting" -> TaskJson::liveSetting;
            case "heartbeat" -> TaskJson::heartbeat;
            default -> TaskJson::declaration;
        };
    }

    private static void assertAnswers(byte[] json) {
        READERS.forEach(reader -> assertAnswers(reader, json));
    }

    private static void assertAnswers(Function<byte[], ?> reader, byte[] json) {
        try {
            assertReadAgain(reader.apply(json));
        } catch (InvalidTaskException e) {
            assertTellable(e);
        } catch (Throwable e) {
            fail(WireText.cut(new String(json, UTF_8), 2_000), e);
        }
    }

    private static void assertReadAgain(Object read) {
        var reader = BY_TYPE.get(read.getClass());
        if (reader != null) { // 4.0e1 is written as 40, which is then the same for ever
            var again = reader.apply(TaskJson.bytes(read));
            assertThat(reader.apply(TaskJson.bytes(again))).isEqualTo(again);
        }
    }

    private static void assertTellable(InvalidTaskException e) {
        assertThat(WireText.isWellFormed(e.field() + e.rule() + e.getMessage())).isTrue();
        assertThat(e.getMessage()).hasSizeBetween(1, 10_000);
    }

    private static byte[] mutated(Random random, byte[] from, byte[] other) {
        List<Consumer<List<Byte>>> changes = List.of(
                bytes -> bytes.set(at(random, bytes), (byte) random.nextInt()),
                bytes -> bytes.remove(at(random, bytes)),
                bytes -> bytes.add(at(random, bytes), (byte) random.nextInt()),
                bytes -> bytes.addAll(at(random, bytes), list(one(random, ODD).getBytes(UTF_8))),
                bytes -> bytes.subList(at(random, bytes), bytes.size()).clear(),
                bytes -> bytes.addAll(
                        at(random, bytes), new ArrayList<>(bytes.subList(at(random, bytes), bytes.size()))),
                bytes -> bytes.addAll(
                        at(random, bytes), list(other).subList(random.nextInt(other.length), other.length)));
        var bytes = list(from);
        for (int i = random.nextInt(4); i >= 0 && bytes.size() < 100_000; i--) {
            if (!bytes.isEmpty()) {
                one(random, changes).accept(bytes);
            }
        }
        var mutated = new byte[bytes.size()];
        for (int i = 0; i < mutated.length; i++) {
            mutated[i] = bytes.get(i);
        }
        return mutated;
    }

    private static int at(Random random, List<Byte> bytes) {
        return random.nextInt(bytes.size());
    }

    private static List<Byte> list(byte[] bytes) {
        List<Byte> list = new ArrayList<>(bytes.length);
        for (var each : bytes) {
            list.add(each);
        }
        return list;
    }

    /** Pointers to all values in a tree, and to a field that is not there in each object. */
    private static List<JsonPointer> places(JsonNode tree) {
        List<JsonPointer> places = new ArrayList<>();
        collect(tree, JsonPointer.empty(), places);
        return places;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
        if (!at.toString().isEmpty()) {
            places.add(at);
        }
        if (node.isObject()) {
            node.forEachEntry((name, value) -> collect(value, at.appendProperty(name), places));
            places.add(at.appendProperty("mine"));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), at.appendIndex(i), places);
        }
    }

    private static byte[] with(JsonNode tree, JsonPointer place, String value) {
        var copy = tree.deepCopy();
        var here = StringNode.valueOf(HERE);
        var around = copy.at(place.head());
        if (around instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), here);
        } else if (around instanceof ArrayNode array) {
            array.set(place.last().getMatchingIndex(), here);
        }
        return TaskJson.MAPPER
                .writeValueAsString(copy)
                .replace(TaskJson.MAPPER.writeValueAsString(HERE), value)
                .getBytes(UTF_8);
    }

    private static boolean isTree(byte[] json) {
        try {
            return TaskJson.parse(json).isContainer();
        } catch (InvalidTaskException e) {
            return false;
        }
    }

    private static byte[] json(String text) {
        return text.getBytes(UTF_8);
    }

    private static <T> T one(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static List<String> odd() {
        var plain = """
                null|true|false|0|-0|1|-1|5.5|5.0|1e3|1e400|1e10000|1e10001|1e99999999999|-1e-99999999999|1e2147483648|1E-2147483648
                2147483647|2147483648|-2147483649|9223372036854775807|9223372036854775808|-9223372036854775809|NaN|Infinity|01|+1|.5|5.|0x1|1_0
                ""|" "|"a"|"events"|".."|"default"|"demo.add"|"\\ud83c"|"\\udf63x"|"\\ud83c\\udf63"|"\\u0000"|"🍣"|"\\uffff"|"\\x"|"a\tb"|'a'|a
                "2026-01-31T12:00:00Z"|"2026-01-31T12:00:00.9999999999Z"|"2026-02-30T12:00:00Z"|"2026-01-31T24:00:00Z"|"2026-01-31"|"12"|"NaN"
                "+999999999-12-31T23:59:59.999999999Z"|"-999999999-01-01T00:00:00Z"|"9999-12-31T23:59:59.999999999Z"|"0999-12-31T23:59:59Z"
                "2026-01-31T12:00:00+18:00"|"２０２６-01-31T12:00:00Z"|"PT30S"|"PT0S"|"P99999999999999999D"|"PT-1S"|"-PT1S"|"P100Y"|"PT1.0000000001S"
                "fixed"|"FIXED"|"revoked"|"SUCCESS"|"success"|"revoke"|"keep"|[]|[null]|[1]|[[]]|[""]|["a",null]|[{}]|{}|{"a":null}|{"a":1}|{"":""}
                {"a":"\\ud83c"}|{"\\ud83c":1}|{"\\u0000":1}|{"task":"b"}|[{"task":"b"}]|[{"task":"b","queue":5,"immutable":"x"}]|{"name":"s"}
                {"task":"b","task":5}|{"delay":null}|{"done":null}|{"type":null}|{"type":"\\ud83c","message":"\\udf63"}|[1,]|{,}|{"a"}|[}|/*c*/1|1 2||"
                """;
        var nested = Stream.of("[", "{\"a\":")
                .flatMap(open -> Stream.of(64, 65, 400, 600)
                        .map(depth -> open.repeat(depth) + "1" + (open.equals("[") ? "]" : "}").repeat(depth)));
        var long_ = Stream.of(
                "9".repeat(1_000),
                "9".repeat(1_001),
                "9".repeat(998) + "e1",
                "0." + "0".repeat(1_000) + "1",
                "\"" + "x".repeat(256) + "\"",
                "\"" + "x".repeat(5_001) + "\"",
                "\"" + "🍣".repeat(255) + "\"",
                "{\"" + "n".repeat(60_000) + "\":1}",
                "[" + "{\"task\":\"a\"},".repeat(100) + "{\"task\":\"a\"}]",
                "{" + "\"a\":1,".repeat(100) + "\"b\":\"\"}");
        return Stream.of(Arrays.stream(plain.split("[|\n]", -1)), nested, long_)
                .flatMap(each -> each)
                .toList();
    }
}
