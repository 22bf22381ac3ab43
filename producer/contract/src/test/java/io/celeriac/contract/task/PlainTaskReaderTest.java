package io.celeriac.contract.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.json.WireInstant;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;

/** What the plain reader takes must be the very task that data binding would have made of it; all else it must leave alone. */
class PlainTaskReaderTest {

    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry("task", List.of("\"a\"", "\"demo.add\"", "\"no spaces\"", "\"\"", "5", "null")),
            Map.entry("id", List.of("\"x\"", "\"018f-1\"", "\"ä\"", "7", "null")),
            Map.entry(
                    "args",
                    List.of("[]", "[1,2.50,\"x\",null,true,{\"a\":[1.0]},1e400]", "null", "{}", "[1,", "\"x\"")),
            Map.entry("kwargs", List.of("{}", "{\"b\":1,\"a\":12345678901234567890,\"c\":null}", "[]", "null")),
            Map.entry("labels", List.of("{}", "{\"tenant\":\"acme\",\"a\":\"\\u00e4\"}", "{\"n\":1}", "{\"n\":null}")),
            Map.entry("eta", List.of("\"2026-01-31T12:00:00Z\"", "\"2026-01-31T12:00:00+01:00\"", "\"soon\"", "1")),
            Map.entry("submittedAt", List.of("\"2026-02-29T12:00:00Z\"", "\"2026-01-31T12:00:00.123456789Z\"", "null")),
            Map.entry("expires", List.of("\"0999-01-01T00:00:00Z\"", "\"2026-01-31T24:00:00Z\"")),
            Map.entry("key", List.of("\"k\"", "\"\"", "null")),
            Map.entry("priority", List.of("0", "9", "10", "5.0", "\"5\"", "99999999999")),
            Map.entry("maxAttempts", List.of("1", "0", "null")),
            Map.entry("timeLimit", List.of("\"PT5S\"", "5")),
            Map.entry("trackStarted", List.of("true", "false", "null", "\"true\"")),
            Map.entry("ignoreResult", List.of("true", "1")),
            Map.entry("onSuccess", List.of("[{\"task\":\"b\"}]", "[]")),
            Map.entry("mine", List.of("1", "{\"deep\":[]}", "null")));

    private final PlainTaskReader plain = new PlainTaskReader(TaskJson.MAPPER);

    @Property(tries = 3_000)
    void readsWhatDataBindingReads(@ForAll("objects") String json, @ForAll("tails") String tail) {
        var bytes = (json + tail).getBytes(UTF_8);
        var read = plain.read(bytes);

        if (read != null) {
            assertThat(read).isEqualTo(TaskJson.boundTask(bytes));
        }
    }

    @Example
    void takesWhatAClientSends() {
        var json = """
                {"task":"demo.add","id":"018f-1","args":[1,"two",{"three":3}],"kwargs":{"x":true},"key":"k","priority":9,
                "labels":{"tenant":"acme"},"eta":"2026-01-31T12:00:00Z","submittedAt":"2026-01-31T11:59:59.123456Z"}""";

        assertThat(plain.read(json.getBytes(UTF_8))).isEqualTo(TaskJson.boundTask(json.getBytes(UTF_8)));
    }

    @Property
    void readsAnInstantAsTheGeneralParserDoes(@ForAll("instants") String text) {
        var read = WireInstant.parseUtc(text);

        if (read != null) {
            assertThat(read).isEqualTo(general(text));
        }
    }

    @Example
    void readsTheInstantsThatWeWrite() {
        for (var text : List.of("2026-01-31T12:00:00Z", "2024-02-29T23:59:59.000000001Z", "2026-01-31T12:00:00.5Z")) {
            assertThat(WireInstant.parseUtc(text)).isEqualTo(Instant.parse(text));
        }
    }

    @Property
    void writesAnInstantAsTheGeneralFormatterDoes(
            @ForAll @LongRange(min = -70_000_000_000L, max = 300_000_000_000L) long seconds,
            @ForAll("nanos") int nanos) {
        var instant = Instant.ofEpochSecond(seconds, nanos);

        assertThat(WireInstant.format(instant)).isEqualTo(instant.toString());
    }

    @Provide
    Arbitrary<Integer> nanos() {
        return Arbitraries.oneOf(
                Arbitraries.of(0, 1, 1_000, 1_000_000, 999_999_999, 120_000_000),
                Arbitraries.integers().between(0, 999_999_999));
    }

    private static Instant general(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new AssertionError("the general parser refuses " + text, e);
        }
    }

    @Provide
    Arbitrary<String> objects() {
        var field = Arbitraries.of(FIELDS.keySet())
                .flatMap(name -> Arbitraries.of(FIELDS.get(name)).map(value -> '"' + name + "\":" + value));
        return field.list()
                .ofMaxSize(5)
                .map(fields -> fields.stream().collect(Collectors.joining(",", "{\"task\":\"first\",", "}")));
    }

    @Provide
    Arbitrary<String> tails() {
        return Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.just("")), Tuple.of(1, Arbitraries.of(" ", "{}", "x", ",", "}")));
    }

    @Provide
    Arbitrary<String> instants() {
        return Arbitraries.strings()
                .withChars("0123456789-T:.Z ")
                .ofLength(3)
                .flatMap(noise -> Arbitraries.integers().between(0, 24).map(at -> {
                    var text = "2026-01-31T12:00:00.123Z";
                    return text.substring(0, at) + noise + text.substring(Math.min(text.length(), at + 3));
                }));
    }
}
