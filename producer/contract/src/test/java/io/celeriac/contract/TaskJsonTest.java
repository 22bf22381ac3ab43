package io.celeriac.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import java.time.Instant;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskJsonTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                | task                 | task is required
            {"task":5}                                        | task                 | task must be a string, but is 5
            {"task":"a b"}                                    | task                 | task must match [A-Za-z0-9_.:-]{1,255}, but is "a b"
            {"task":"a","id":"ä"}                             | id                   | id must match [A-Za-z0-9_.:-]{1,64}, but is "ä"
            {"task":"a","args":6}                             | args                 | args must be an array
            {"task":"a","kwargs":[1]}                         | kwargs               | kwargs must be an object
            {"task":"a","eta":"tomorrow"}                     | eta                  | eta must be an RFC 3339 instant such as 2026-01-31T12:00:00Z, but is "tomorrow"
            {"task":"a","eta":1700000000}                     | eta                  | eta must be an RFC 3339 instant such as 2026-01-31T12:00:00Z
            {"task":"a","timeLimit":"30s"}                    | timeLimit            | timeLimit must be an ISO-8601 duration such as PT30S, but is "30s"
            {"task":"a","timeLimit":"PT0S"}                   | timeLimit            | timeLimit must be longer than zero
            {"task":"a","priority":10}                        | priority             | priority must be from 0 to 9, but is 10
            {"task":"a","priority":"5"}                       | priority             | priority must be a whole number
            {"task":"a","priority":5.5}                       | priority             | priority must be a whole number, but is 5.5
            {"task":"a","maxAttempts":0}                      | maxAttempts          | maxAttempts must be from 1 to 2147483647, but is 0
            {"task":"a","trackStarted":"true"}                | trackStarted         | trackStarted must be true or false
            {"task":"a","labels":{"n":1}}                     | labels.n             | labels.n must be a string, but is 1
            {"task":"a","schedule":{"name":"s"}}              | schedule             | schedule lacks the field fireTime
            {"task":"a","backoff":{"delay":"PT0S"}}           | backoff.delay        | backoff.delay must be longer than zero
            {"task":"a","onSuccess":[{"args":[]}]}            | onSuccess[0].task    | onSuccess[0].task is required
            {"task":"a","onSuccess":[{"task":"b","id":"x"}]}  | onSuccess[0].id      | onSuccess[0].id must be absent from a signature
            {"task":"a","onSuccess":[{"task":"b","workflow":{"id":"w","node":"0"}}]} | onSuccess[0].workflow | onSuccess[0].workflow must be absent, as only the coordinator of workflows sets it
            {"task":"a","maxAttempts":2147483648}             | maxAttempts          | maxAttempts must be from 1 to 2147483647
            {"task":"a","priority":99999999999999999999}      | priority             | priority must be from 0 to 9
            {"task":"a","labels":{"a":null}}                  | labels.a             | labels.a must be a string
            {"task":"a","onSuccess":[null]}                   | onSuccess[0]         | onSuccess[0] must not be null
            {"task":"a","args":[1e99999999999,1]}             | args[0]              | args[0] must be a number of at most 1000 characters, with an exponent from -10000 to 10000
            {"task":"a","args":[1,{"x":[1e-10001]}]}          | args[1].x[0]         | args[1].x[0] must be a number of at most 1000 characters, with an exponent from -10000 to 10000
            {"task":"a","kwargs":{"b":1e99999999999}}         | kwargs.b             | kwargs.b must be a number of at most 1000 characters, with an exponent from -10000 to 10000
            {"task":"a","mine":1e99999999999}                 | mine                 | mine must be a number of at most 1000 characters, with an exponent from -10000 to 10000
            {"task":"a","args":["\\ud83c"]}                   | args[0]              | args[0] must be well-formed Unicode, but holds half of a surrogate pair
            {"task":"a","key":"\\udf63"}                      | key                  | key must be well-formed Unicode, but holds half of a surrogate pair
            {"task":"a","id":"events"}                        | id                   | id must not be "events", which means something else in the paths of the REST interface
            {"task":"a","id":".."}                            | id                   | id must not be "..", which means something else in the paths of the REST interface
            {"task":"a","backoff":{"kind":1}}                 | backoff.kind         | backoff.kind must be one of the known words, but is 1
            {"task":"a","onFailure":[{"task":"b","queue":5}]} | onFailure[0].queue   | onFailure[0].queue must be a string
            """)
    void namesTheFieldAndTheRule(String json, String field, String message) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> TaskJson.task(json.getBytes(UTF_8)))
                .withMessage(message)
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            hello             | is not JSON: Unrecognized token 'hello'
            {"task":"a"       | is not JSON: Unexpected end-of-input
            {"task":"a"} more | is not JSON: Unrecognized token 'more'
            null              | must be a JSON object, but is null
            [1]               | must be an object
            "a"               | must be an object
            """)
    void refusesWhatIsNoJsonObject(String json, String message) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> TaskJson.task(json.getBytes(UTF_8)))
                .withMessageStartingWith(message);
    }

    @Test
    void refusesTheNameOfAScheduleThatNoColumnHolds() {
        var json = "{\"task\":\"a\",\"schedule\":{\"name\":\"%s\",\"fireTime\":\"2026-01-31T12:00:00Z\"}}";

        assertThat(TaskJson.task(json.formatted("🍣".repeat(255)).getBytes(UTF_8))
                        .schedule())
                .isNotNull();
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> TaskJson.task(json.formatted("s".repeat(256)).getBytes(UTF_8)))
                .withMessage("schedule.name must have 1 to 255 characters");
    }

    @Test
    void refusesBytesThatAreNotUtf8AndEmptyOnes() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> TaskJson.task(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1}))
                .withMessageStartingWith("is not JSON");
        assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> TaskJson.task(new byte[0]));
    }

    @Test
    void readsAnInstantOfAnyOffset() {
        var task = TaskJson.task("{\"task\":\"a\",\"eta\":\"2026-01-31T14:00:00+02:00\"}".getBytes(UTF_8));

        assertThat(task.eta()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
    }

    /** It is the name of the record's component that holds the unknown fields, and was lost. */
    @Test
    void carriesAnUnknownFieldOfAnyNameAlong() {
        var json = "{\"task\":\"a\",\"mine\":1,\"extra\":{\"x\":1},\"queue\":null}".getBytes(UTF_8);

        assertThat(TaskJson.parse(TaskJson.bytes(TaskJson.task(json)))).isEqualTo(TaskJson.parse(json));
    }

    @Test
    void tellsNoNameWhereThereAreTwo() {
        assertThat(TaskJson.nameIn("{\"task\":\"a\",\"args\":[{\"task\":\"c\"}],".getBytes(UTF_8)))
                .contains("a");
        assertThat(TaskJson.nameIn("{\"task\":\"a\",\"task\":\"b\"}".getBytes(UTF_8)))
                .isEmpty();
        assertThat(TaskJson.nameIn("{\"task\":\"a\",\"task\":5}".getBytes(UTF_8)))
                .isEmpty();
    }

    @Test
    void refusesAValueThatHoldsItself() {
        var endless = new HashMap<String, Object>();
        endless.put("self", endless);

        assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> Task.of("a", endless));
    }

    @Test
    void takesPlaceByKeyElseById() {
        var task = Task.named("a").id("i").build();

        assertThat(task.partitionKey()).isEqualTo("i");
        assertThat(task.toBuilder().key("k").build().partitionKey()).isEqualTo("k");
        assertThat(task.priorityOrDefault()).isEqualTo(5);
    }
}
