package io.celeriac.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As little HTTP as the stories need. */
final class Http {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    /** Status and JSON body of an answer. */
    record Answer(int status, JsonNode body, HttpResponse<String> response) {
        String text(String field) {
            return body.path(field).asString("");
        }
    }

    private Http() {}

    static Answer get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    static Answer post(String url, String json) {
        return send(json(url).POST(BodyPublishers.ofString(json)));
    }

    static Answer put(String url, String json) {
        return send(json(url).PUT(BodyPublishers.ofString(json)));
    }

    static Answer delete(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).DELETE());
    }

    /** A page, as a browser asks for it. */
    static String html(String url) {
        var answer = send(HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "text/html")
                .GET());
        return answer.response().body();
    }

    /** Status of a GET; 0 when nobody answers. */
    static int status(String url) {
        try {
            return get(url).status();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    private static HttpRequest.Builder json(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json");
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            var response = CLIENT.send(request.timeout(Duration.ofSeconds(70)).build(), BodyHandlers.ofString());
            var body = response.body();
            var json = body.startsWith("{") || body.startsWith("[") ? JSON.readTree(body) : JSON.nullNode();
            return new Answer(response.statusCode(), json, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
