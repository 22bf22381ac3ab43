package io.celeriac.gateway.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.gateway.TestGateway;
import io.celeriac.gateway.fuzz.Calls.Call;
import io.celeriac.gateway.fuzz.RawHttp.Answer;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request must never be answered 5xx for what is in it, and what is refused must be told as a problem that names the
 * field, the parameter or the header: each call of the API's own description, with junk in each of its places.
 *
 * <p>The gate runs some of them, always the same; {@code -Dfuzz.requests=100000} runs all, {@code -Dfuzz.seed} makes
 * another choice.
 */
class ApiFuzzIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 3_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20_260_131);
    private static final int THREADS = 4;
    private static final Set<Integer> OF_THE_WHOLE_REQUEST = Set.of(404, 405, 406, 409, 412, 413, 414, 415, 428, 431);

    /** Told by the server, which does not say where it was, or by the reader of JSON. */
    private static final List<String> WITHOUT_A_PLACE = List.of(
            "the request line or a header is not well-formed",
            "path must have its semicolons as %3B", // before anybody knows which part of a path is what
            "Document nesting depth",
            "a number is out of range");

    private static ConfigurableApplicationContext program;
    private static RawHttp http;

    @BeforeAll
    static void start() {
        program = TestGateway.start(TestStack.uniqueName("fuzz"));
        http = new RawHttp(program.getEnvironment().getProperty("local.server.port", Integer.class, 0));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void answersJunkWithAProblemThatNamesIt() throws Exception {
        var calls = new ArrayList<>(Calls.of(openApi()));
        Collections.shuffle(calls, new Random(SEED));
        var some = calls.subList(0, Math.min(REQUESTS, calls.size()));

        var faults = run(some);

        assertThat(calls.size()).as("calls that could be made").isGreaterThan(2_000);
        assertThat(faults)
                .as("of %d calls, seed %d, %d", some.size(), SEED, faults.size())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/tasks?text=a|b, 200, ''",
        "/api/tasks?text=%zz, 400, text",
        "/api/tasks?text=%C3%28, 400, text",
        "/api/tasks?text=a%00b, 400, text",
        "/api/tasks/%zz, 400, ''",
        "/api/tasks/a|b, 400, ''",
        "/api/tasks/counts?to=-999999999-01-01T00:00:00Z, 422, to",
        "/api/tasks/counts?from=%2B999999999-12-31T23:59:59Z, 422, from",
        "/api/schedules/a%2Fb, 404, ''",
        "/api/tasks/%00, 400, ''",
        "/api/tasks?=, 400, query",
        "/api/tasks?text=a&=b, 400, query",
        "/actuator/health?=, 400, query",
        "/api/tasks/a;b, 400, path",
        "/api/schedules/fuzzed;x=1, 400, path",
        "/api/tasks?label=tenant:a%2Cb, 200, ''",
        "/api/schedules?label=tenant:a%2Cb, 200, ''",
        "/api/tasks?label=a:b&label=a:c, 422, label",
        "/api/tasks/events, 200, ''",
        "/api/tasks/counts, 200, ''",
        "/api/tasks/failures, 200, ''",
        "/api/tasks/batch, 422, id",
        "/api/tasks/revoke, 422, id",
        "/api/tasks/events/attempts, 422, id",
        "/api/tasks/counts/children, 422, id"
    })
    void answersWhatNoClientLibrarySends(String target, int status, String field) throws IOException {
        var answer = http.send("GET " + target + " HTTP/1.1\r\n", new byte[0]);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        if (status >= 400) {
            assertThat(answer.isProblem()).as(answer.head()).isTrue();
            assertThat(answer.body()).contains(field);
        }
    }

    @Test
    void refusesMoreParametersThanTheServerReads() throws IOException {
        var answer = http.send("GET /api/tasks?" + "a=1&".repeat(1_100) + " HTTP/1.1\r\n", new byte[0]);

        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.isProblem()).isTrue();
        assertThat(answer.body()).contains("query");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT /api/schedules/fuzzed;x=1, {}, path",
        "DELETE /api/schedules/fuzzed;x=1, '', path",
        "POST /api/tasks/a;b/revoke, {}, path",
        "POST /api/tasks/a/revoke, [], must be a JSON object",
        "POST /api/tasks/events/revoke, {}, id",
        "PUT /api/schedules/%2e%2e, '{\"task\":\"a\",\"kind\":\"interval\",\"every\":\"PT1H\"}', name",
        "PUT /api/schedules/preview, '{\"task\":\"a\",\"kind\":\"interval\",\"every\":\"PT1H\"}', name"
    })
    void changesNothingByWhatItRefuses(String call, String body, String named) throws IOException {
        restore();
        var head = call + " HTTP/1.1\r\nContent-Type: application/json\r\n";

        var answer = http.send(head, body == null ? new byte[0] : body.getBytes(UTF_8));

        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.isProblem()).isTrue();
        assertThat(answer.body()).contains(named);
        assertThat(http.send("GET /api/schedules/fuzzed HTTP/1.1\r\n", new byte[0])
                        .status())
                .isEqualTo(200);
    }

    private static JsonNode openApi() throws IOException {
        return JSON.readTree(
                http.send("GET /api/openapi HTTP/1.1\r\n", new byte[0]).body());
    }

    private static List<String> run(List<Call> calls) throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var tasks = calls.stream()
                    .<Callable<Optional<String>>>map(call -> () -> fault(call))
                    .toList();
            var faults = new ArrayList<String>();
            for (var result : threads.invokeAll(tasks)) {
                result.get().ifPresent(faults::add);
            }
            return faults;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Optional<String> fault(Call call) {
        try {
            if (call.call().contains("/{name}")) {
                restore();
            }
            var answer = http.send(call.head(), call.body());
            return why(call, answer)
                    .map(why -> why + "\n" + call + "\n-> " + answer.status() + " " + answer.body() + "\n");
        } catch (IOException | RuntimeException e) {
            return Optional.of("no answer: " + e + "\n" + call + "\n");
        }
    }

    private static void restore() throws IOException {
        var schedule =
                "{\"task\":\"demo.noop\",\"kind\":\"interval\",\"every\":\"PT1H\",\"enabled\":false}".getBytes(UTF_8);
        http.send("PUT /api/schedules/fuzzed HTTP/1.1\r\nContent-Type: application/json\r\n", schedule);
    }

    private static Optional<String> why(Call call, Answer answer) {
        if (answer.status() >= 500) {
            return Optional.of("an error of ours");
        }
        if (answer.status() < 400 || call.head().startsWith("HEAD ")) {
            return Optional.empty();
        }
        if (!answer.isProblem()) {
            return Optional.of("no problem document");
        }
        var problem = JSON.readTree(answer.body());
        if (problem.path("status").asInt() != answer.status()) {
            return Optional.of("another status in the document");
        }
        if (call.field().isEmpty() || OF_THE_WHOLE_REQUEST.contains(answer.status())) {
            return Optional.empty();
        }
        var detail = problem.path("detail").asString("");
        return problem.path("errors").toString().contains(call.field())
                        || detail.contains(call.field())
                        || WITHOUT_A_PLACE.stream().anyMatch(detail::contains)
                ? Optional.empty()
                : Optional.of("does not name " + call.field());
    }
}
