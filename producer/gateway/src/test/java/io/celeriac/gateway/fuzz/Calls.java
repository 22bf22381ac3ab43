package io.celeriac.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every call that the API describes, each with junk in one place. */
final class Calls {

    private static final JsonMapper JSON = new JsonMapper();

    /** A path or a field that the description gives no example of. */
    private static final Map<String, String> FIT = Map.of(
            "id", "fuzzed",
            "name", "fuzzed",
            "partition", "0",
            "offset", "0",
            "wait", "0",
            "limit", "5");

    /** Values that fit, of parameters that a call must have. */
    private static final Map<String, String> REQUIRED =
            Map.of("queue", "default", "from", "2026-01-30T12:00:00Z", "to", "2026-01-31T12:00:00Z");

    /** What a schedule may have, of which the description has only an example. */
    private static final Set<String> OF_A_SCHEDULE = Set.of(
            "name",
            "task",
            "kind",
            "every",
            "cron",
            "crontab",
            "expression",
            "timeZone",
            "solar",
            "event",
            "latitude",
            "longitude",
            "at",
            "startAt",
            "endAt",
            "remaining",
            "jitter",
            "catchUp",
            "overlap",
            "enabled",
            "note",
            "queue",
            "args",
            "kwargs",
            "labels",
            "priority",
            "expires",
            "retry",
            "timeout",
            "countdown",
            "after",
            "key",
            "from",
            "to",
            "perSecond",
            "again",
            "oneByOne");

    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json;charset=utf-16",
            "application/json;charset=nonsense",
            "application/problem+json",
            "application/xml",
            "text/plain",
            "multipart/form-data",
            "a/b/c",
            "*/*",
            "");

    private static final List<String> METHODS =
            List.of("PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "get", "X");

    /**
     * @param call as the description has it, such as {@code GET /api/tasks}
     * @param field where the junk is; empty for the request as a whole
     * @param head the request line and headers
     */
    record Call(String call, String field, String head, byte[] body) {

        @Override
        public String toString() {
            var text = new String(body, UTF_8);
            return call + " [" + field + "]\n" + head + (text.length() > 300 ? text.substring(0, 300) + "…" : text);
        }
    }

    private final JsonNode api;
    private final List<Call> all = new ArrayList<>();

    private Calls(JsonNode api) {
        this.api = api;
    }

    static List<Call> of(JsonNode api) {
        var calls = new Calls(api);
        api.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method ->
                                calls.add(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue())));
        return List.copyOf(calls.all);
    }

    private void add(String method, String path, JsonNode operation) {
        var fields = bodyFields(operation);
        var fit = operation.has("requestBody") ? bytes(body(operation, fields, "", "")) : new byte[0];
        for (var parameter : operation.path("parameters")) {
            var name = parameter.get("name").asString();
            var isHeader = parameter.get("in").asString().equals("header");
            for (var junk : isHeader ? Junk.headers() : Junk.parameters()) {
                all.add(new Call(
                        method + " " + path,
                        name,
                        method + " " + target(path, operation, name, junk) + " HTTP/1.1\r\n" + json(fit)
                                + (isHeader ? name + ": " + junk + "\r\n" : ""),
                        fit));
            }
        }
        var line = method + " " + target(path, operation, "", "") + " HTTP/1.1\r\n";
        if (operation.has("requestBody")) {
            for (var field : fields.keySet()) {
                for (var junk : Junk.values()) {
                    var body = bytes(body(operation, fields, field, junk));
                    all.add(new Call(method + " " + path, field, line + json(body), body));
                }
            }
            for (var junk : Junk.bodies()) {
                var body = junk.getBytes(ISO_8859_1);
                all.add(new Call(method + " " + path, "", line + json(body), body));
            }
            for (var type : TYPES) {
                all.add(new Call(method + " " + path, "", line + "Content-Type: " + type + "\r\n", fit));
            }
        }
        for (var type : TYPES) {
            all.add(new Call(method + " " + path, "", line + json(fit) + "Accept: " + type + "\r\n", fit));
        }
        for (var other : METHODS) {
            all.add(new Call(method + " " + path, "", other + line.substring(method.length()) + json(fit), fit));
        }
    }

    private static String json(byte[] body) {
        return body.length == 0 ? "" : "Content-Type: application/json\r\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String target(String path, JsonNode operation, String junkName, String junk) {
        var target = path;
        var query = new StringBuilder();
        for (var parameter : operation.path("parameters")) {
            var name = parameter.get("name").asString();
            var isRequired = parameter.get("in").asString().equals("query")
                    && parameter.path("required").asBoolean(false);
            var fit = isRequired ? REQUIRED.getOrDefault(name, "") : FIT.getOrDefault(name, "");
            var value = name.equals(junkName) ? junk : fit;
            if (parameter.get("in").asString().equals("path")) {
                target = target.replace("{" + name + "}", value);
            } else if (parameter.get("in").asString().equals("query") && (name.equals(junkName) || !value.isEmpty())) {
                query.append(query.isEmpty() ? "?" : "&")
                        .append(name)
                        .append('=')
                        .append(value);
            }
        }
        return target + query;
    }

    /** The fields and values that fit, in JSON. */
    private Map<String, String> bodyFields(JsonNode operation) {
        var content = operation.path("requestBody").path("content").path("application/json");
        var names = new LinkedHashSet<String>();
        properties(content.path("schema"), names);
        var fields = new LinkedHashMap<String, String>();
        var example = example(content);
        if (example.isObject() && names.isEmpty()) {
            names.addAll(OF_A_SCHEDULE);
        }
        names.forEach(name -> fields.put(name, ""));
        example.properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().toString()));
        if (!example.isObject() && names.contains("task")) {
            fields.put("task", "\"demo.add\"");
        }
        if (example.has("name")) {
            fields.put("name", "\"fuzzed\"");
        }
        if (fields.containsKey("countdown")) {
            fields.put("countdown", "");
        }
        return fields;
    }

    private static JsonNode example(JsonNode content) {
        var examples = content.path("examples");
        var example = content.has("example")
                ? content.get("example")
                : examples.path("").path("value");
        for (var each : examples) {
            example = each.path("value");
        }
        return example.isString() ? JSON.readTree(example.asString()) : example;
    }

    private void properties(JsonNode schema, Set<String> names) {
        var reference = schema.path("$ref").asString("");
        if (!reference.isEmpty()) {
            properties(api.at(reference.substring(1)), names);
        }
        schema.path("properties").propertyNames().forEach(names::add);
        schema.path("allOf").forEach(part -> properties(part, names));
        if (schema.has("items")) {
            properties(schema.get("items"), names);
        }
    }

    private static String body(JsonNode operation, Map<String, String> fields, String junkField, String junk) {
        var isArray = operation
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema")
                .path("type")
                .asString("")
                .equals("array");
        var body = new StringBuilder(isArray ? "[{" : "{");
        fields.forEach((name, fit) -> {
            var value = name.equals(junkField) ? junk : fit;
            if (!value.isEmpty()) {
                body.append(body.length() < 3 ? "" : ",")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(value);
            }
        });
        return body.append(isArray ? "}]" : "}").toString().replace("[{,", "[{");
    }
}
