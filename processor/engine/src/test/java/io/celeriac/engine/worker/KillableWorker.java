package io.celeriac.engine.worker;

import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.RetryPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A worker in a JVM of its own, for tests that kill it: bootstrap servers, namespace, guarantee, most deaths, more. */
final class KillableWorker {

    static final String READY = "WORKER READY";

    private KillableWorker() {}

    public static void main(String[] args) throws IOException {
        var properties = new HashMap<String, Object>(Map.of(
                "celeriac.worker.guarantee",
                args[2],
                "celeriac.worker.concurrency",
                8,
                "celeriac.worker.max-deaths",
                args[3],
                "celeriac.worker.session-timeout",
                "PT6S"));
        Arrays.stream(args).skip(4).map(more -> more.split("=", 2)).forEach(more -> properties.put(more[0], more[1]));
        var settings = new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("celeriac.worker", WorkerProperties.class);
        var worker = new Worker(
                settings,
                new TopicProperties(args[1], null, null),
                Map.of("bootstrap.servers", args[0]),
                1 << 20,
                handlers(),
                List.of(),
                new SimpleMeterRegistry(),
                InstantSource.system());
        worker.start();
        worker.awaitRunning(Duration.ofSeconds(60));
        System.out.println(READY);
        System.in.transferTo(OutputStream.nullOutputStream()); // ends with the test's JVM
        Runtime.getRuntime().halt(0);
    }

    private static HandlerRegistry handlers() {
        var soon = new Backoff(Backoff.Kind.FIXED, Duration.ofMillis(300), Duration.ofMillis(300), false);
        return new HandlerRegistry(List.of(
                Handler.of("pill", (task, context) -> {
                    Thread.sleep(task.args().get(0).asInt());
                    Runtime.getRuntime().halt(1);
                    return null;
                }),
                Handler.of("long", (task, context) -> {
                    Thread.sleep(3_000);
                    return null;
                }),
                Handler.of("work", (task, context) -> {
                    Thread.sleep(ThreadLocalRandom.current().nextInt(40));
                    return context.id();
                }),
                new Handler(
                        "flaky",
                        (task, context) -> {
                            if (context.attempt() < 3) {
                                throw new IOException("attempt " + context.attempt());
                            }
                            return context.id();
                        },
                        new RetryPolicy(3, soon, List.of(IOException.class), List.of()),
                        null)));
    }
}
