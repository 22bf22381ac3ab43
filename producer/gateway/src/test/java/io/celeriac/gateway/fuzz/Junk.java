package io.celeriac.gateway.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Stream;

/** What must not hurt. */
final class Junk {

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "a b",
            "a/b",
            "a\\b",
            "../..",
            ".",
            "..",
            "\u0000",
            "a\u0000b",
            "\n",
            "'",
            "\"",
            "' OR 1=1 --",
            "%",
            "_",
            "é",
            "🍣",
            "\u202e",
            "x".repeat(300),
            "x".repeat(3_000),
            "-1",
            "0",
            "1.5",
            "1e400",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "9".repeat(400),
            "NaN",
            "null",
            "true",
            "[]",
            "{}",
            "events",
            "counts",
            "failures",
            "1970-01-01T00:00:00Z",
            "-999999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59.999999999Z",
            "9999-12-31T23:59:59.9999999Z",
            "PT0S",
            "PT-1S",
            "P9999999999999999999D",
            "PT9223372036854775807S",
            "-PT9223372036854775808S",
            "tenant:",
            ":acme",
            "default-0-999999999999999999999",
            "0-0.0-0",
            "0-9223372036854775807",
            "-1--1",
            "bWFsZm9ybWVk",
            "MjAyNi0wMS0zMVQxMjowMDowMC9h",
            "KzEwMDAwLTAxLTAxVDAwOjAwL2E",
            "MTAwMDAwLTAxLTAxVDAwOjAwL2E");

    private static final List<String> RAW = List.of(
            "%zz",
            "%",
            "%4",
            "%C3%28",
            "%ff",
            "%00",
            "%2F",
            "%5C",
            "%2e%2e",
            "%252F",
            "%3B",
            "a|b",
            "<>",
            "{",
            "}",
            "\"",
            "^",
            "`",
            "[",
            "]",
            "\\",
            ";x=1",
            "+",
            "é",
            "%ED%A0%80",
            "%F4%90%80%80");

    private static final List<String> HEADERS = List.of(
            "",
            "*",
            "\"",
            "\"\"",
            "W/\"1\"",
            "\"4\", \"77\"",
            "\"99999999999999999999\"",
            ",",
            "\"a",
            "-1",
            "0-9223372036854775808",
            "0-0.0-0",
            "a b",
            "a\tb",
            "é",
            "\u00ff",
            "\u0001",
            "'",
            "x".repeat(70),
            "x".repeat(5_000),
            "x".repeat(9_000));

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e400",
            "-1e-400",
            "1e99999999999",
            "1e2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            "9".repeat(900),
            "0." + "1".repeat(900),
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"a b\"",
            "\"a/b\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00x\"",
            "\"🍣\"",
            "\"" + "x".repeat(300) + "\"",
            "\"" + "x".repeat(70_000) + "\"",
            "[]",
            "[[]]",
            "[null]",
            "[1e99999999999,1]",
            "{}",
            "{\"a\":null}",
            "{\"\":\"\"}",
            "{\"a\":{\"b\":[]}}",
            "{\"a\":1,\"a\":2}",
            "{\"" + "k".repeat(300) + "\":\"v\"}",
            "{\"a\":\"" + "v".repeat(3_000) + "\"}",
            "[".repeat(33) + "]".repeat(33),
            "[".repeat(200) + "]".repeat(200),
            "[".repeat(1_200) + "]".repeat(1_200),
            "{\"a\":".repeat(40) + "1" + "}".repeat(40),
            "\"1970-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59.9999999Z\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"+999999999-12-31T23:59:59.999999999Z\"",
            "\"0000-00-00T00:00:00Z\"",
            "\"PT0S\"",
            "\"PT-1S\"",
            "\"PT0.000000001S\"",
            "\"P9999999999999999999D\"",
            "\"PT9223372036854775807S\"",
            "\"* * * * *\"",
            "\"99 * * * *\"",
            "\"Europe/Nowhere\"",
            "\"events\"",
            "{\"task\":\"y\",\"queue\":\"nowhere\"}",
            "[{\"task\":\"y\",\"queue\":\"nowhere\"}]",
            "[{\"task\":7}]",
            "[{}]");

    private static final List<String> BODIES = List.of(
            "",
            " ",
            "null",
            "true",
            "7",
            "\"a\"",
            "[]",
            "[[]]",
            "[null]",
            "[7]",
            "{}",
            "{",
            "}",
            "{\"",
            "{\"task\":",
            "{\"task\":\"a\",,}",
            "{\"task\":\"a\"} x",
            "[{\"task\":\"a\"}",
            "[{\"task\":\"a\"}] x",
            "[{\"task\":\"a\"},{\"task\":\"a\",\"args\":[[[",
            "{\"\":1}",
            "{\"a\":1,\"a\":2}",
            "\u00ef\u00bb\u00bf{}",
            "[".repeat(5_000),
            "{\"a\":".repeat(5_000),
            "\u0000",
            "{\"task\":\"\u00ff\"}",
            "NaN",
            "'a'",
            "<a/>");

    private Junk() {}

    /** For parameters: most of it encoded as it should be. */
    static List<String> parameters() {
        return Stream.concat(
                        TEXTS.stream()
                                .map(text -> URLEncoder.encode(text, UTF_8).replace("+", "%20")),
                        RAW.stream())
                .toList();
    }

    static List<String> headers() {
        return HEADERS;
    }

    /** For fields of a body, as JSON. */
    static List<String> values() {
        return VALUES;
    }

    /** In place of bodies, in Latin-1. */
    static List<String> bodies() {
        return BODIES;
    }
}
