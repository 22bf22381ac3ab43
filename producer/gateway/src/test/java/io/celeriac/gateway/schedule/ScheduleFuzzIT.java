package io.celeriac.gateway.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.json.CursorText;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestStack;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Junk in every parameter and field of the calls about schedules, one at a time. No answer may be an error of the gateway, for what
 * was sent is at fault; and whoever sent it must hear of it as a problem that names the place.
 */
class ScheduleFuzzIT {

    /** As they stand in JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "11",
            "0.5",
            "1e1000",
            "-1e400",
            "9223372036854775808",
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"🍣\"",
            "\"" + "x".repeat(5_000) + "\"",
            "\"" + "1,".repeat(600) + "1\"",
            "\"PT-1S\"",
            "\"PT9223372036854775807S\"",
            "\"P99999999999999D\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"+999999999-12-31T23:59:59.999999999Z\"",
            "\"1970-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59.9999999Z\"",
            "[]",
            "[null]",
            "[1e1000]",
            "[\"\\udf63\"]",
            "[".repeat(33) + "]".repeat(33),
            "{}",
            "{\"a\":null}",
            "{\"a\":1}",
            "{\"a\":\"\\ud83c\"}",
            "{\"\\ud83c\":\"a\"}");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "x",
            "-1",
            "0",
            "99999999999999999999",
            "\u0000",
            "🍣",
            "a|b",
            "%",
            "'",
            "\\",
            "x".repeat(3_000),
            CursorText.of("+999999999-12-31T23:59:59Z", "timed"),
            CursorText.of("2026-01-31T12:00:00Z", "x".repeat(300)),
            CursorText.of("2026-01-31T12:00:00Z"),
            CursorText.of("\u0000", "🍣"),
            "a:");

    private static ConfigurableApplicationContext gateway;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> faults = new ArrayList<>();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(TestStack.uniqueName("fuzz"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void namesTheFieldWhateverIsInIt() throws Exception {
        var base = Map.of("name", "\"fuzz\"", "task", "\"demo.noop\"", "kind", "\"interval\"", "every", "\"PT1H\"");
        for (var field : List.of(
                "name",
                "task",
                "args",
                "kwargs",
                "queue",
                "priority",
                "labels",
                "kind",
                "every",
                "timezone",
                "enabled",
                "oneOff",
                "startAt",
                "endAt",
                "remaining",
                "catchUp",
                "catchUpWindow",
                "expiresAfter",
                "jitter",
                "overlap",
                "description",
                "note",
                "after",
                "unknown",
                "id",
                "version")) {
            for (var value : VALUES) {
                fuzz("PUT", "/api/schedules/fuzz", with(base, field, value), field);
                fuzz("POST", "/api/schedules/preview", with(base, field, value), field);
            }
        }
        for (var kind : List.of("crontab:crontab", "crontab:expression", "solar:solar", "clocked:at")) {
            var field = kind.substring(kind.indexOf(':') + 1);
            for (var value : VALUES.subList(1, VALUES.size())) { // null leaves it out
                var body = "{\"task\":\"demo.noop\",\"kind\":\"" + kind.substring(0, kind.indexOf(':')) + "\",\""
                        + field + "\":" + value + "}";
                fuzz("PUT", "/api/schedules/fuzz." + field, body, field);
                fuzz("POST", "/api/schedules/preview", body, field);
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void namesTheFieldOfWhatIsAskedFor() throws Exception {
        fuzz("PUT", "/api/schedules/asked", "{\"task\":\"t\",\"kind\":\"interval\",\"every\":\"PT1H\"}", "");
        var range = Map.of("from", "\"2026-01-01T00:00:00Z\"", "to", "\"2026-01-02T00:00:00Z\"");
        for (var value : VALUES) {
            for (var field : List.of("from", "to", "perSecond", "again", "oneByOne", "unknown")) {
                fuzz("POST", "/api/schedules/asked/backfill", with(range, field, value), field);
            }
            fuzz("POST", "/api/schedules/asked/backfill", value, "");
            fuzz("POST", "/api/schedules", value, "");
            fuzz("PUT", "/api/schedules/asked", value, "");
            fuzz("POST", "/api/schedules/preview", value, "");
            fuzz("POST", "/api/schedules/asked/pause", value, "");
            fuzz("POST", "/api/schedules/asked/pause", "{\"note\":" + value + "}", "note");
            fuzz("POST", "/api/schedules/asked/resume", "{\"note\":" + value + "}", "note");
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void namesTheParameterWhateverIsInIt() throws Exception {
        for (var text : TEXTS) {
            var value = URLEncoder.encode(text, UTF_8);
            for (var name : List.of(
                    "namePrefix", "task", "queue", "kind", "enabled", "declaredBy", "label", "limit", "cursor")) {
                fuzz("GET", "/api/schedules?" + name + "=" + value, null, name);
            }
            for (var name : List.of("source", "remarked", "limit", "cursor")) {
                fuzz("GET", "/api/schedule-declarations?" + name + "=" + value, null, name);
            }
            for (var path : List.of("firings?limit=", "firings?cursor=", "backfills?limit=")) {
                fuzz("GET", "/api/schedules/asked/" + path + value, null, "");
            }
            fuzz(
                    "POST",
                    "/api/schedules/preview?count=" + value,
                    "{\"kind\":\"interval\",\"every\":\"PT1H\"}",
                    "count");
            if (text.equals("\u0000")) {
                continue; // in a path, Tomcat answers
            }
            var name = value.replace("+", "%20");
            fuzz("GET", "/api/schedules/asked/backfills/" + name, null, "");
            for (var path : List.of("", "/firings", "/backfills", "/backfills/" + name)) {
                fuzz("GET", "/api/schedules/" + name + path, null, "");
            }
            for (var path : List.of("/pause", "/resume", "/fire", "/backfills/" + name + "/cancel")) {
                fuzz("POST", "/api/schedules/" + name + path, null, "");
            }
            fuzz("DELETE", "/api/schedules/" + name, null, "");
        }
        assertThat(faults).isEmpty();
    }

    private static String with(Map<String, String> base, String field, String value) {
        var json = new StringBuilder("{\"").append(field).append("\":").append(value);
        base.forEach((name, other) -> {
            if (!name.equals(field)) {
                json.append(",\"").append(name).append("\":").append(other);
            }
        });
        return json.append('}').toString();
    }

    private void fuzz(String method, String path, String body, String field) throws Exception {
        var port = gateway.getEnvironment().getProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        var status = answer.statusCode();
        var type = answer.headers().firstValue("Content-Type").orElse("");
        var isProblem = status < 400 || type.startsWith("application/problem+json");
        if (status >= 500
                || !isProblem
                || (status == 422 && !named(answer.body()).startsWith(field))) {
            faults.add(method + " " + shown(path) + " " + shown(String.valueOf(body)) + ": " + status + " " + type + " "
                    + shown(answer.body()));
        }
    }

    private static String named(String problem) {
        return TaskJson.MAPPER
                .readTree(problem)
                .path("errors")
                .path(0)
                .path("field")
                .asString("");
    }

    private static String shown(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
