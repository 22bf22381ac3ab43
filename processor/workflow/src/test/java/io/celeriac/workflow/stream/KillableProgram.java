package io.celeriac.workflow.stream;

import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.worker.Worker;
import io.celeriac.engine.worker.WorkerProperties;
import io.celeriac.workflow.WorkflowProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * A coordinator or a worker in a JVM of its own, for tests that kill it: role, bootstrap servers, namespace, guarantee. A worker prints a
 * line for each run of a handler.
 */
final class KillableProgram {

    static final String COORDINATOR = "coordinator";
    static final String WORKER = "worker";
    static final String READY = "PROGRAM READY";

    /** Followed by the task's id. */
    static final String RUN = "RUN ";

    private KillableProgram() {}

    public static void main(String[] args) throws IOException {
        var names = new TopicProperties(args[2], null, null);
        var connection = Map.<String, Object>of("bootstrap.servers", args[1]);
        if (args[0].equals(COORDINATOR)) {
            var settings = settings(Map.of(), "celeriac.workflow", WorkflowProperties.class);
            new Coordinator(settings, names, connection, 1 << 20, new SimpleMeterRegistry(), InstantSource.system())
                    .start();
        } else {
            var properties = new HashMap<String, Object>(Map.of(
                    "celeriac.worker.guarantee",
                    args[3],
                    "celeriac.worker.concurrency",
                    8,
                    "celeriac.worker.max-deaths",
                    0,
                    "celeriac.worker.session-timeout",
                    "PT6S"));
            new Worker(
                            settings(properties, "celeriac.worker", WorkerProperties.class),
                            names,
                            connection,
                            1 << 20,
                            handlers(),
                            List.of(),
                            new SimpleMeterRegistry(),
                            InstantSource.system())
                    .start();
        }
        System.out.println(READY);
        System.in.transferTo(OutputStream.nullOutputStream()); // ends with the test's JVM
        Runtime.getRuntime().halt(0);
    }

    private static <T> T settings(Map<String, Object> properties, String prefix, Class<T> type) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix, type);
    }

    private static HandlerRegistry handlers() {
        var soon = new Backoff(Backoff.Kind.FIXED, Duration.ofMillis(300), Duration.ofMillis(300), false);
        return new HandlerRegistry(List.of(
                Handler.of("add", (task, context) -> {
                    ran(context.id());
                    Thread.sleep(ThreadLocalRandom.current().nextInt(40));
                    return sum(task.args());
                }),
                Handler.of("sum", (task, context) -> {
                    ran(context.id());
                    return sum(List.copyOf(task.args().get(0).values()));
                }),
                Handler.of("fail", (task, context) -> {
                    ran(context.id());
                    throw new IllegalStateException("no luck");
                }),
                new Handler(
                        "flaky",
                        (task, context) -> {
                            ran(context.id());
                            if (context.attempt() < 2) {
                                throw new IOException("attempt " + context.attempt());
                            }
                            return sum(task.args());
                        },
                        new RetryPolicy(2, soon, List.of(IOException.class), List.of()),
                        null)));
    }

    private static void ran(String id) {
        System.out.println(RUN + id);
    }

    private static int sum(List<JsonNode> numbers) {
        return numbers.stream().mapToInt(JsonNode::asInt).sum();
    }
}
