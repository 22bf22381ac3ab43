package io.celeriac.bench.engine;

import io.celeriac.bench.harness.Arrivals;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.harness.ResultReader;
import io.celeriac.bench.harness.TaskIds;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.bench.subject.Lateness.Told;
import io.celeriac.bench.subject.Memory;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Tasks with an eta, and what it takes to hold very many of them. */
final class LatenessBench {

    private static final Duration FAR = Duration.ofDays(30);

    /** For the sending of the tasks that will be due. */
    private static final Duration HEAD_START = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final double MEGABYTE = 1 << 20;

    private final Bench bench;
    private final InstantSource clock;

    LatenessBench(Bench bench, InstantSource clock) {
        this.bench = bench;
        this.clock = clock;
    }

    Lateness run() {
        var variants = new ArrayList<Lateness.Variant>();
        variants.add(measured("memory", 0));
        for (var store : bench.parameters().stores()) {
            variants.add(measured(store, bench.parameters().parked()));
        }
        return new Lateness(List.copyOf(variants));
    }

    private Lateness.Variant measured(String store, int parked) {
        try (var installation =
                bench.harness().installation("lateness", bench.parameters().partitions())) {
            park(installation, parked);
            Double accepted;
            Memory memory;
            Long resident;
            Percentiles millis;
            try (var worker = bench.worker(installation, "store=" + store)) {
                worker.awaitReady();
                accepted = parked == 0 ? null : acceptedPerSecond(installation, parked);
                memory = TaskJson.MAPPER.treeToValue(installation.call(EngineWorkerMain.MEMORY, worker), Memory.class);
                resident = worker.residentBytes();
                millis = lateness(installation, worker);
            }
            var restored = parked == 0 ? null : restoreSeconds(installation, store);
            return new Lateness.Variant(
                    parked,
                    store,
                    millis,
                    accepted,
                    Rounded.to(0, memory.heapBytes() / MEGABYTE),
                    resident == null ? null : Rounded.to(0, resident / MEGABYTE),
                    restored);
        }
    }

    private void park(Installation installation, int parked) {
        if (parked > 0) {
            bench.tell("sending " + Figures.whole(parked) + " tasks of the far future");
        }
        var far = clock.instant().plus(FAR).truncatedTo(ChronoUnit.MILLIS);
        var first = bench.parameters().due();
        installation.preload(
                parked,
                number -> Task.named(EngineWorkerMain.NOOP)
                        .id(TaskIds.of(first + number))
                        .eta(far)
                        .args(number, "customer-4711", "invoice")
                        .build());
    }

    /** From running to the commit over the last of them. */
    private double acceptedPerSecond(Installation installation, int parked) {
        var from = System.nanoTime();
        Patience.await("the worker has accepted all", PATIENCE, () -> installation.committed() >= parked);
        var perSecond = parked * 1e9 / (System.nanoTime() - from);
        bench.tell("accepted " + Figures.whole(perSecond) + " tasks/s");
        return Rounded.to(0, perSecond);
    }

    private Percentiles lateness(Installation installation, Program worker) {
        var due = bench.parameters().due();
        try (var results = installation.results()) {
            var arrivals = warmUp(installation, worker, results);
            sendDue(installation);
            results.await(2 * due, arrivals, worker);
        }
        var told = TaskJson.MAPPER.treeToValue(installation.call(EngineWorkerMain.LATENESS, worker), Told.class);
        requireInTime(told.early() == 0, told.early() + " tasks began before their eta");
        bench.tell("p50 " + Figures.one(told.percentiles().p50()) + " ms late, p99 "
                + Figures.one(told.percentiles().p99()) + " ms");
        return told.percentiles();
    }

    /** A worker that holds many tasks has got warm by accepting them; one that holds none would be measured cold. */
    private Arrivals warmUp(Installation installation, Program worker, ResultReader results) {
        var due = bench.parameters().due();
        var first = due + bench.parameters().parked();
        installation.preload(
                due,
                number -> Task.named(EngineWorkerMain.NOOP)
                        .id(TaskIds.of(first + number))
                        .args(number)
                        .build());
        return results.await(due, new Arrivals(1), worker);
    }

    private void sendDue(Installation installation) {
        var random = new Random(bench.parameters().seed());
        var begin = clock.instant().plus(HEAD_START).truncatedTo(ChronoUnit.MILLIS);
        var within =
                (int) Duration.ofSeconds(bench.parameters().dueWithinSeconds()).toMillis();
        installation.preload(
                bench.parameters().due(),
                number -> Task.named(EngineWorkerMain.DUE)
                        .id(TaskIds.of(number))
                        .eta(begin.plusMillis(random.nextInt(within)))
                        .build());
        requireInTime(begin.isAfter(clock.instant()), "sending took longer than " + HEAD_START);
    }

    private static void requireInTime(boolean held, String broken) {
        if (!held) {
            throw new IllegalStateException(broken);
        }
    }

    private @Nullable Double restoreSeconds(Installation installation, String store) {
        installation.awaitNoWorker();
        try (var worker = bench.worker(installation, "store=" + store)) {
            var seconds = worker.awaitReady().toMillis() / 1_000.0;
            installation.call(EngineWorkerMain.MEMORY, worker); // and it works
            bench.tell("restored in " + Figures.one(seconds) + " s");
            return Rounded.to(1, seconds);
        }
    }
}
