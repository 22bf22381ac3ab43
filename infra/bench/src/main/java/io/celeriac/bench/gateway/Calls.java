package io.celeriac.bench.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/** HTTP calls of one caller to a gateway, each of them timed. Safe for several threads. */
final class Calls {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int BUSY = 503;

    /**
     * What came back.
     *
     * @param body as it was sent
     * @param isCompressed whether it was sent compressed
     * @param firstByteMicros from the call to the first byte of the body
     * @param micros from the call to the last byte
     */
    record Answer(int status, byte[] body, boolean isCompressed, long firstByteMicros, long micros) {

        /** The gateway has too much to do at this moment. */
        boolean isRefused() {
            return status == BUSY;
        }

        JsonNode json() {
            return TaskJson.MAPPER.readTree(body);
        }

        String text() {
            if (!isCompressed) {
                return new String(body, UTF_8);
            }
            try (var plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
                return new String(plain.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String address;
    private final String token;

    /**
     * @param token of a program; empty for none
     */
    Calls(String address, String token) {
        this.address = address;
        this.token = token;
    }

    Answer get(String path, String... headers) {
        return send(with(headers, request(path)).GET());
    }

    Answer post(String path, String json, String... headers) {
        return send(with(headers, request(path).header("Content-Type", "application/json"))
                .POST(BodyPublishers.ofString(json)));
    }

    private static HttpRequest.Builder with(String[] headers, HttpRequest.Builder request) {
        return headers.length == 0 ? request : request.headers(headers);
    }

    /**
     * The JSON at a path.
     *
     * @throws IllegalStateException when the answer is another than 200
     */
    JsonNode json(String path) {
        return expect(200, get(path)).json();
    }

    /** Any answer but the expected one ends the measurement: errors are fast, and must not be measured. */
    static Answer expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new IllegalStateException(
                    "expected " + status + ", and the gateway answered " + answer.status() + ": " + answer.text());
        }
        return answer;
    }

    /** The answer with its headers, for who needs a cookie. */
    HttpResponse<String> exchange(String path, String json) {
        try {
            return http.send(
                    request(path)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(json))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Opens a stream of lines, which ends when its subscriber cancels it. */
    CompletableFuture<HttpResponse<Void>> stream(String path, Flow.Subscriber<String> lines) {
        var request = HttpRequest.newBuilder(URI.create(address + path)).build();
        return http.sendAsync(request, BodyHandlers.fromLineSubscriber(lines));
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) {
        var begun = System.nanoTime();
        try {
            var answer = http.send(request.build(), BodyHandlers.ofInputStream());
            try (var in = answer.body()) {
                var first = in.readNBytes(1);
                var firstByte = System.nanoTime();
                var rest = in.readAllBytes();
                var body = new byte[first.length + rest.length];
                System.arraycopy(first, 0, body, 0, first.length);
                System.arraycopy(rest, 0, body, first.length, rest.length);
                var isCompressed =
                        answer.headers().firstValue("Content-Encoding").isPresent();
                return new Answer(
                        answer.statusCode(),
                        body,
                        isCompressed,
                        micros(firstByte - begun),
                        micros(System.nanoTime() - begun));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static long micros(long nanos) {
        return nanos / 1_000;
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
