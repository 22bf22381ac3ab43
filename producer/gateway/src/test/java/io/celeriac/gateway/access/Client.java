package io.celeriac.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Somebody who calls a gateway: nobody, a person with a browser's cookies, or a program with a token. */
final class Client {

    private final String url;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private final String token;
    private String csrf = "";

    private Client(String url, String token) {
        this.url = url;
        this.token = token;
    }

    static Client nobody(ConfigurableApplicationContext gateway) {
        return new Client("http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port"), "");
    }

    /** Nobody, at this address. */
    static Client at(String url) {
        return new Client(url, "");
    }

    Client withToken(String text) {
        return new Client(url, text);
    }

    /** The same person at another gateway. */
    Client at(ConfigurableApplicationContext gateway) {
        var there = nobody(gateway).withToken(token);
        cookies.getCookieStore()
                .getCookies()
                .forEach(cookie -> there.cookies.getCookieStore().add(URI.create(there.url), cookie));
        there.csrf = csrf;
        return there;
    }

    Client forgetCsrf() {
        csrf = "";
        return this;
    }

    /** Signs in, and learns what changes need. */
    Client signIn(String user, String password) {
        var answer = post("/api/session", "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        return learnCsrf();
    }

    Client learnCsrf() {
        csrf = json(get("/api/session")).path("csrf").path("token").asString();
        return this;
    }

    HttpResponse<String> get(String path) {
        return call("GET", path, "");
    }

    HttpResponse<String> post(String path, String body) {
        return call("POST", path, body);
    }

    HttpResponse<String> call(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(30));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!csrf.isEmpty()) {
            request.header("X-CSRF-TOKEN", csrf);
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        request.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try {
            return answer(request.build());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A connection that was idle may be closed by the gateway as the request is written; then nobody has read it. */
    private HttpResponse<String> answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("received no bytes")) {
                return http.send(request, BodyHandlers.ofString());
            }
            throw e;
        }
    }

    static JsonNode json(HttpResponse<String> answer) {
        return TaskJson.MAPPER.readTree(answer.body());
    }
}
