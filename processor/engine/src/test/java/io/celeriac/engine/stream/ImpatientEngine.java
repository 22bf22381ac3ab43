package io.celeriac.engine.stream;

import io.celeriac.engine.handler.Handler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * An engine in a JVM of its own whose group throws out who does not poll for {@link #MAX_POLL_INTERVAL}. Its tasks named
 * {@code long} run until the file exists whose path is the fifth argument.
 *
 * <p>Arguments: bootstrap servers, namespace, state directory, whether exactly once.
 */
public final class ImpatientEngine {

    public static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(6);

    private ImpatientEngine() {}

    public static void main(String[] args) throws IOException {
        var end = Path.of(args[4]);
        var handlers =
                List.of(Handler.of("work", (task, context) -> context.id()), Handler.of("long", (task, context) -> {
                    while (Files.notExists(end)) {
                        Thread.sleep(50);
                    }
                    return context.id();
                }));
        var engine = new BareEngine(args[0], args[1], Boolean.parseBoolean(args[3]), handlers);
        var impatient = Map.<String, Object>of(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
                (int) MAX_POLL_INTERVAL.toMillis());
        engine.streams(engine.topology(engine.clients), engine.clients, Path.of(args[2]), impatient)
                .start();
        endWithParent();
    }

    /** Standard input ends when the JVM does that has started this one. */
    static void endWithParent() throws IOException {
        try {
            while (System.in.read() >= 0) {
                // nothing is sent
            }
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }
}
