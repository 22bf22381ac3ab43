package io.celeriac.gateway.acting;

import io.celeriac.contract.TaskJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Speaks to a gateway over HTTP. */
record Api(String address) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static Api of(ConfigurableApplicationContext gateway) {
        return new Api("http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port"));
    }

    /**
     * An answer.
     *
     * @param body missing when there is none
     */
    record Answer(int status, JsonNode body, String location, String tag) {

        String text(String field) {
            return body.path(field).asString("");
        }

        /** The fields that a problem names. */
        List<String> fields() {
            return body.path("errors")
                    .valueStream()
                    .map(error -> error.path("field").asString())
                    .toList();
        }
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    private Answer send(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var answer = answer(request.build());
            return new Answer(
                    answer.statusCode(),
                    TaskJson.MAPPER.readTree(answer.body().isEmpty() ? "null" : answer.body()),
                    answer.headers().firstValue("Location").orElse(""),
                    answer.headers().firstValue("ETag").orElse(""));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    /** A connection that was idle may be closed by the gateway as the request is written; then nobody has read it. */
    private static HttpResponse<String> answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("received no bytes")) {
                return HTTP.send(request, BodyHandlers.ofString());
            }
            throw e;
        }
    }
}
