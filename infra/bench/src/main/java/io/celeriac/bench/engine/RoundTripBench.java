package io.celeriac.bench.engine;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.harness.ResultReader;
import io.celeriac.bench.harness.TaskIds;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** One task after the other, each sent when the result of the one before is there. */
final class RoundTripBench {

    /** At random up to this between two of them, or they would keep step with the commits. */
    private static final int PAUSE_MILLIS = 20;

    private final Bench bench;

    RoundTripBench(Bench bench) {
        this.bench = bench;
    }

    RoundTrip run() {
        var bare = bareTopic();
        var variants = new ArrayList<RoundTrip.Variant>();
        variants.add(told(new RoundTrip.Variant("bare topic, no worker", bare, 1, null)));
        variants.add(told(engine("engine, at_least_once", Bench.AT_LEAST_ONCE, bare)));
        variants.add(told(engine("engine, exactly_once", Bench.EXACTLY_ONCE, bare)));
        return new RoundTrip(List.copyOf(variants));
    }

    private RoundTrip.Variant told(RoundTrip.Variant variant) {
        bench.tell(variant.name() + ": p50 " + Figures.one(variant.millis().p50()) + " ms");
        return variant;
    }

    private Percentiles bareTopic() {
        try (var installation = installation();
                var results = installation.results();
                var producer = installation.promptProducer()) {
            return roundTrips(
                    results,
                    null,
                    task -> producer.send(new ProducerRecord<>(
                            installation.resultsTopic(), Installation.key(task), TaskJson.bytes(task))));
        }
    }

    private RoundTrip.Variant engine(String name, String guarantee, Percentiles bare) {
        try (var installation = installation();
                var results = installation.results();
                KafkaProducer<byte[], byte[]> producer = installation.promptProducer();
                var worker = bench.worker(installation, guarantee)) {
            worker.awaitReady();
            var millis = roundTrips(results, worker, task -> installation.send(producer, task));
            return new RoundTrip.Variant(
                    name, millis, Rounded.to(1, millis.p50() / bare.p50()), idleCpuMillisPerSecond(worker));
        }
    }

    private Installation installation() {
        return bench.harness().installation("round-trip", bench.parameters().partitions());
    }

    private Percentiles roundTrips(ResultReader results, @Nullable Program worker, Consumer<Task> send) {
        var random = new Random(bench.parameters().seed());
        var micros = new Histogram(3);
        var warmUp = bench.parameters().warmUp();
        for (int i = 0; i < warmUp + bench.parameters().roundTrips(); i++) {
            var task =
                    Task.named(EngineWorkerMain.NOOP).id(TaskIds.of(i)).args(i).build();
            var sent = System.nanoTime();
            send.accept(task);
            results.awaitKey(TaskIds.of(i), worker);
            if (i >= warmUp) {
                micros.recordValue((System.nanoTime() - sent) / 1_000);
            }
            Patience.pause(Duration.ofMillis(random.nextInt(PAUSE_MILLIS)));
        }
        return Percentiles.of(micros);
    }

    private double idleCpuMillisPerSecond(Program worker) {
        var idle = Duration.ofSeconds(bench.parameters().idleSeconds());
        var before = worker.cpu();
        var from = System.nanoTime();
        Patience.pause(idle);
        var cpu = worker.cpu().minus(before);
        return Rounded.to(1, cpu.toNanos() * 1_000.0 / (System.nanoTime() - from));
    }
}
