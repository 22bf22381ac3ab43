package io.celeriac.bench.subject;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.worker.Worker;
import io.celeriac.engine.worker.WorkerProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * A worker with the engine, as a service would embed it. Arguments: bootstrap servers, namespace, and settings of
 * {@code celeriac.worker} as {@code name=value}.
 *
 * <p>What it has to tell of itself it tells as results of tasks: {@link #LATENESS} and {@link #MEMORY}.
 */
public final class EngineWorkerMain {

    /** Does nothing. */
    public static final String NOOP = "bench.noop";

    /** Sleeps for as many milliseconds as its first argument says. */
    public static final String SLEEP = "bench.sleep";

    /** Records how late it begins after its eta. */
    public static final String DUE = "bench.due";

    /** Tells how late the tasks with an eta began, as a {@link Lateness.Told}. */
    public static final String LATENESS = "bench.lateness";

    /** Collects garbage, and tells what is left of the heap, as a {@link Memory}. */
    public static final String MEMORY = "bench.memory";

    /** Begins an argument that says how many handlers there are beside these: {@link #NOOP} with a number. */
    public static final String HANDLERS = "bench-handlers=";

    static final String NOOP_RESULT = "done";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private EngineWorkerMain() {}

    public static void main(String[] args) throws InterruptedException {
        Parent.endWithIt();
        var clock = InstantSource.system();
        var worker = new Worker(
                settings(Arrays.asList(args).subList(2, args.length)),
                new TopicProperties(args[1], null, null),
                Map.of("bootstrap.servers", args[0]),
                1 << 20,
                handlers(new Lateness(clock), more(args)),
                List.of(),
                new SimpleMeterRegistry(),
                clock);
        worker.start();
        if (!worker.awaitRunning(PATIENCE)) {
            throw new IllegalStateException("not running after " + PATIENCE + ": " + worker.conditions());
        }
        System.out.println(Ready.MARKER);
        Thread.currentThread().join(); // until the harness ends it
    }

    private static WorkerProperties settings(List<String> settings) {
        var properties = new HashMap<String, Object>();
        for (var setting : settings) {
            if (setting.startsWith(HANDLERS)) {
                continue;
            }
            var equals = setting.indexOf('=');
            properties.put("celeriac.worker." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("celeriac.worker", WorkerProperties.class);
    }

    private static int more(String[] args) {
        return Arrays.stream(args)
                .filter(argument -> argument.startsWith(HANDLERS))
                .mapToInt(argument -> Integer.parseInt(argument.substring(HANDLERS.length())))
                .findAny()
                .orElse(0);
    }

    private static HandlerRegistry handlers(Lateness lateness, int more) {
        var numbered =
                IntStream.range(0, more).mapToObj(i -> Handler.of(NOOP + "-" + i, (task, context) -> NOOP_RESULT));
        var named = Stream.of(
                Handler.of(NOOP, (task, context) -> NOOP_RESULT),
                Handler.of(SLEEP, (task, context) -> {
                    Thread.sleep(task.args().get(0).asLong());
                    return null;
                }),
                Handler.of(DUE, (task, context) -> {
                    lateness.record(task);
                    return null;
                }),
                Handler.of(LATENESS, (task, context) -> lateness.told()),
                Handler.of(MEMORY, (task, context) -> Memory.afterGc()));
        return new HandlerRegistry(Stream.concat(named, numbered).toList());
    }
}
