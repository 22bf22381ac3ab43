package io.celeriac.bench.results;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.rows.Samples;
import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Writes results of new tasks to a topic, so many a second. For one thread. */
final class SteadyResults implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Bench bench;
    private final Installation installation;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Samples samples;
    private long sent;

    SteadyResults(Bench bench, Installation installation) {
        this.bench = bench;
        this.installation = installation;
        producer = installation.promptProducer();
        samples = new Samples(bench.parameters().seed());
    }

    /**
     * Goes on for so long.
     *
     * @param look done twice a second on the way
     */
    void run(Duration duration, Runnable look) {
        var from = System.nanoTime();
        var looked = from;
        var before = sent;
        for (var now = from; now - from < duration.toNanos(); now = System.nanoTime()) {
            var due = before + (now - from) * bench.parameters().perSecond() / 1_000_000_000L;
            while (sent < due) {
                installation.send(producer, samples.spread(bench.clock().instant(), sent++));
            }
            if (now - looked >= LOOK.toNanos()) {
                looked = now;
                look.run();
            }
            Patience.pause(TICK);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
