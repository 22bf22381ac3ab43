package io.celeriac.engine.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import io.celeriac.engine.GroupResults;
import io.celeriac.engine.TaskContext;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ArgumentBinderTest {

    record Address(String street, Optional<String> zip) {}

    enum Color {
        RED,
        GREEN
    }

    @SuppressWarnings("unused")
    static class Handlers {
        void two(int x, String y) {}

        void context(TaskContext context, int x) {}

        void optional(int x, Optional<String> y, @Nullable Long z) {}

        void types(List<Address> list, Map<String, BigDecimal> map, Instant at, Color color, boolean flag) {}

        void whole(Address address) {}

        void none() {}

        void lists(List<Integer> list, Optional<List<Integer>> optional, int[] array, JsonNode json, Object any) {}
    }

    private static final List<JsonNode> NUMBERS = List.of(TaskJson.tree(1), TaskJson.tree(2));
    private static final TaskContext CONTEXT = (TaskContext) Proxy.newProxyInstance(
            ArgumentBinderTest.class.getClassLoader(),
            new Class<?>[] {TaskContext.class},
            (proxy, method, args) -> method.getName().equals("groupResults") ? GroupResults.of(NUMBERS) : null);

    @Test
    void bindsByPositionAndByName() {
        assertThat(bind("two", "{\"args\":[1,\"a\"]}")).containsExactly(1, "a");
        assertThat(bind("two", "{\"args\":[1],\"kwargs\":{\"y\":\"a\"}}")).containsExactly(1, "a");
        assertThat(bind("two", "{\"kwargs\":{\"y\":\"a\",\"x\":1}}")).containsExactly(1, "a");
        assertThat(bind("none", "{}")).isEmpty();
    }

    @Test
    void passesTheContextBesideTheArguments() {
        assertThat(bind("context", "{\"args\":[5]}")[0]).isSameAs(CONTEXT);
        assertThat(bind("context", "{\"args\":[5]}")[1]).isEqualTo(5);
    }

    @Test
    void leavesOutWhatIsOptional() {
        assertThat(bind("optional", "{\"args\":[1]}")).containsExactly(1, Optional.empty(), null);
        assertThat(bind("optional", "{\"args\":[1,\"a\",3]}")).containsExactly(1, Optional.of("a"), 3L);
        assertThat(bind("optional", "{\"args\":[1,null,null]}")).containsExactly(1, Optional.empty(), null);
    }

    @Test
    void convertsToTheTypesOfTheParameters() {
        assertThat(bind(
                        "types",
                        "{\"args\":[[{\"street\":\"s\"}],{\"a\":1.10},\"2026-01-31T12:00:00Z\",\"RED\",true]}"))
                .containsExactly(
                        List.of(new Address("s", Optional.empty())),
                        Map.of("a", new BigDecimal("1.10")),
                        Instant.parse("2026-01-31T12:00:00Z"),
                        Color.RED,
                        true);
    }

    @Test
    void givesASingleRecordAllNamedArguments() {
        var address = new Address("s", Optional.of("z"));
        assertThat(bind("whole", "{\"kwargs\":{\"street\":\"s\",\"zip\":\"z\"}}"))
                .containsExactly(address);
        assertThat(bind("whole", "{\"kwargs\":{\"address\":{\"street\":\"s\",\"zip\":\"z\"}}}"))
                .containsExactly(address);
        assertThat(bind("whole", "{\"args\":[{\"street\":\"s\",\"zip\":\"z\"}]}"))
                .containsExactly(address);
    }

    /** A large list comes as a reference, and a handler must not see the difference. */
    @Test
    void readsAListThatTheArgumentRefersTo() {
        var reference =
                "{\"$group\":\"w/0\",\"size\":2,\"workflow\":\"w\",\"node\":\"0\",\"since\":\"2026-01-31T12:00:00Z\"}";
        var other = "{\"$group\":{\"_id\":\"$tenant\"}}";

        assertThat(bind("lists", "{\"args\":[%1$s,%1$s,%1$s,%1$s,%1$s]}".formatted(reference)))
                .containsExactly(
                        List.of(1, 2),
                        Optional.of(List.of(1, 2)),
                        new int[] {1, 2},
                        TaskJson.tree(NUMBERS),
                        List.of(1, 2));
        assertThat(bind("lists", "{\"args\":[[1],[1],[1],%1$s,%1$s]}".formatted(other)))
                .as("an object that only looks like one")
                .contains(TaskJson.tree(Map.of("$group", Map.of("_id", "$tenant"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"args":[1]}                            | t(x, y) lacks "y"
            {"args":[null,"a"]}                     | t(x, y) lacks "x"
            {"args":[1,"a",2]}                      | t(x, y) takes 2 arguments, but 3 are given
            {"args":[1,"a"],"kwargs":{"z":1}}       | t(x, y) has no argument "z"
            {"args":[1,"a"],"kwargs":{"x":1}}       | t(x, y) is given "x" by position and by name
            {"args":["one","a"]}                    | t(x, y): "x" must be int, but is "one"
            {"args":["1","a"]}                      | t(x, y): "x" must be int, but is "1"
            {"args":[1.5,"a"]}                      | t(x, y): "x" must be int, but is 1.5
            {"args":[1,2]}                          | t(x, y): "y" must be String, but is 2
            """)
    void saysWhichArgumentDoesNotFit(String fields, String message) {
        assertThatExceptionOfType(InvalidArgumentsException.class)
                .isThrownBy(() -> bind("two", fields))
                .withMessage(message);
    }

    private static Object[] bind(String method, String fields) {
        var task = TaskJson.task(TaskJson.MAPPER.readTree(
                "{\"task\":\"t\"," + fields.substring(1).replaceFirst("^}", "\"id\":\"i\"}")));
        var target = Arrays.stream(Handlers.class.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .findFirst()
                .orElseThrow();
        return new ArgumentBinder(target).bind(task, CONTEXT);
    }
}
