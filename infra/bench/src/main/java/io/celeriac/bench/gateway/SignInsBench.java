package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A gateway with access control: people who sign in by password, and programs with a token that ask for something cheap. */
final class SignInsBench {

    private static final String PASSWORD = "correct horse battery";
    private static final int SIGNED_IN = 204;
    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Bench bench;

    SignInsBench(Bench bench) {
        this.bench = bench;
    }

    SignIns run() {
        try (var schema = Schema.open(bench.database(), "sign_ins");
                var installation = bench.installation("sign-ins");
                var gateway = bench.securedGateway(installation, schema, passwordFile())) {
            var admin = Session.of(gateway.calls(), "admin", PASSWORD);
            var callers = bench.parameters().callers();
            for (var person = 0; person < callers; person++) {
                admin.create(
                        "/api/users",
                        "{\"name\":\"person-" + person + "\",\"password\":\"" + PASSWORD + "\",\"role\":\"viewer\"}");
            }
            var token = admin.create("/api/tokens", "{\"name\":\"program\",\"role\":\"viewer\"}")
                    .path("token")
                    .asString();
            return new SignIns(List.of(
                    measured("sign-ins", gateway, schema, caller -> signIn(gateway.calls(), caller)),
                    measured("token checks", gateway, schema, caller -> call(gateway.calls(token)))));
        }
    }

    private Path passwordFile() {
        try {
            var file = Files.createDirectories(bench.harness().newDirectory()).resolve("password");
            return Files.writeString(file, PASSWORD + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Consumer<Timings> signIn(Calls calls, int person) {
        var body = "{\"user\":\"person-" + person + "\",\"password\":\"" + PASSWORD + "\"}";
        return timings -> timed(calls.post("/api/session", body), SIGNED_IN, timings);
    }

    private static Consumer<Timings> call(Calls calls) {
        return timings -> timed(calls.get("/api/me"), OK, timings);
    }

    private static void timed(Calls.Answer answer, int expected, Timings timings) {
        if (answer.isRefused()) {
            timings.refused();
        } else {
            timings.add(Calls.expect(expected, answer).micros());
        }
    }

    private SignIns.Variant measured(String name, Gateway gateway, Schema schema, IntFunction<Consumer<Timings>> call) {
        try (var crowd = new Crowd(bench.parameters().callers(), call)) {
            Patience.pause(bench.parameters().warmUp());
            crowd.begin();
            var begun = Load.begin(gateway, bench.database(), schema.repository());
            Patience.pause(bench.parameters().measured());
            Patience.await("each caller is answered", PATIENCE, crowd::hasSome);
            var load = begun.end();
            var variant = crowd.variant(name, load);
            bench.tell(name + ": " + Figures.one(variant.perSecond()) + " a second");
            return variant;
        }
    }

    /** Callers that call again as soon as they are answered. */
    private static final class Crowd implements AutoCloseable {

        private final List<Thread> threads = new ArrayList<>();
        private final Timings timings = new Timings();
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        private volatile boolean closed;

        Crowd(int callers, IntFunction<Consumer<Timings>> call) {
            for (var caller = 0; caller < callers; caller++) {
                var own = call.apply(caller);
                var thread = new Thread(() -> run(own), "caller-" + caller);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }

        private void run(Consumer<Timings> call) {
            try {
                while (!closed) {
                    call.accept(timings);
                }
            } catch (RuntimeException e) {
                failure.set(e);
            }
        }

        void begin() {
            timings.begin();
        }

        boolean hasSome() {
            return failure.get() != null || timings.answered() >= threads.size();
        }

        SignIns.Variant variant(String name, Load load) {
            var answered = timings.micros();
            return new SignIns.Variant(
                    name,
                    threads.size(),
                    Rounded.to(1, answered.getTotalCount() / load.seconds()),
                    timings.refusals(),
                    Percentiles.of(answered),
                    load);
        }

        @Override
        public void close() {
            closed = true;
            try {
                for (var thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
            if (failure.get() != null) {
                throw new IllegalStateException("a caller was not answered", failure.get());
            }
        }
    }
}
