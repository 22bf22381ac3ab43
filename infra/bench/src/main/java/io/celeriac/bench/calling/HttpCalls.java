package io.celeriac.bench.calling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sends tasks to a gateway from several threads, each of which waits for the answer to its call. */
final class HttpCalls {

    private static final int CALLERS = 16;
    private static final int BATCH_CALLERS = 2;
    private static final int ACCEPTED = 202;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String address;

    HttpCalls(String address) {
        this.address = address;
    }

    /** A call for each task; answers the seconds that they took. */
    double single(int tasks, IntFunction<String> task) {
        return seconds(CALLERS, tasks, number -> post("/api/tasks", task.apply(number)));
    }

    /** Calls with many tasks each; answers the seconds that they took. */
    double batches(int tasks, int size, IntFunction<String> task) {
        return seconds(
                BATCH_CALLERS,
                tasks / size,
                number -> post(
                        "/api/tasks/batch",
                        IntStream.range(number * size, (number + 1) * size)
                                .mapToObj(task)
                                .collect(Collectors.joining(",", "[", "]"))));
    }

    private static double seconds(int callers, int calls, IntFunction<Integer> call) {
        var threads = Executors.newFixedThreadPool(callers);
        try {
            var begun = System.nanoTime();
            var answers = IntStream.range(0, calls)
                    .mapToObj(number -> threads.submit(() -> call.apply(number)))
                    .toList();
            answers.forEach(Waiting::forIt);
            return SubmitBench.seconds(begun);
        } finally {
            threads.shutdown();
        }
    }

    /** Any other answer ends the measurement: errors are fast, and must not be measured. */
    private int post(String path, String json) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != ACCEPTED) {
                throw new IllegalStateException(path + " was answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
