package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.rows.SpreadRepository;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.control.Heartbeat.RunningAttempt;
import io.celeriac.contract.control.Heartbeat.WaitingFor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The heartbeats of workers that do not exist: each works on one queue, has two partitions, runs eight attempts and has twenty
 * handlers with three parameters.
 */
final class SimulatedWorkers {

    private static final int PARTITIONS = 2;
    private static final int ATTEMPTS = 8;
    private static final int HANDLERS = 20;

    private final Installation installation;
    private final int workers;
    private final InstantSource clock;
    private final Instant startedAt;

    SimulatedWorkers(Installation installation, int workers, InstantSource clock) {
        this.installation = installation;
        this.workers = workers;
        this.clock = clock;
        startedAt = clock.instant();
    }

    /** Sends a heartbeat of each every five seconds, until it is closed. */
    Background start() {
        return new Background(installation, workers / (double) Heartbeat.EVERY.toSeconds(), this::send);
    }

    private void send(KafkaProducer<byte[], byte[]> producer, long number) {
        installation.send(producer, heartbeat((int) (number % workers)));
    }

    private Heartbeat heartbeat(int worker) {
        var now = clock.instant();
        var queue = "queue-" + (worker % SpreadRepository.QUEUES + 1);
        var first = worker / SpreadRepository.QUEUES * PARTITIONS;
        return new Heartbeat(
                "bench-" + worker,
                "host-" + worker,
                "1.0.0",
                startedAt,
                now,
                Heartbeat.State.RUNNING,
                new LimitInForce<>(ATTEMPTS, ATTEMPTS),
                ATTEMPTS,
                0,
                List.of(new QueuePart(
                        queue,
                        "RUNNING",
                        null,
                        IntStream.range(first, first + PARTITIONS)
                                .mapToObj(number -> new PartitionPart(
                                        number,
                                        ATTEMPTS / PARTITIONS,
                                        Map.of(WaitingFor.ETA, 12L, WaitingFor.THREAD, 30L),
                                        3L,
                                        now.minusSeconds(1),
                                        30))
                                .toList())),
                IntStream.range(0, ATTEMPTS)
                        .mapToObj(number -> new RunningAttempt(
                                "running-" + worker + "-" + now.toEpochMilli() + "-" + number,
                                SpreadRepository.tasks().get(number),
                                queue,
                                first + number % PARTITIONS,
                                1,
                                now.minusMillis(200)))
                        .toList(),
                SpreadRepository.tasks().stream()
                        .limit(HANDLERS)
                        .map(SimulatedWorkers::handler)
                        .toList(),
                List.of());
    }

    private static HandlerInfo handler(String task) {
        return new HandlerInfo(
                task,
                List.of(),
                List.of(
                        new ParameterInfo("number", "int", true),
                        new ParameterInfo("customer", "java.lang.String", true),
                        new ParameterInfo("retry", "boolean", false)),
                new LimitInForce<>(null, null),
                new LimitInForce<>("100/m", "100/m"),
                List.of());
    }
}
