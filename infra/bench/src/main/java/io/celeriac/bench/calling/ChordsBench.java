package io.celeriac.bench.calling;

import io.celeriac.bench.harness.Arrivals;
import io.celeriac.bench.harness.TaskIds;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.client.workflow.Flow;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Large chords of tasks that do nothing, beside as many tasks without a workflow. */
final class ChordsBench {

    private static final int SAMPLE = 64;
    private static final int WARM_UP = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Bench bench;

    ChordsBench(Bench bench) {
        this.bench = bench;
    }

    Chords run() {
        var noops = noopsPerSecond();
        bench.tell("without a workflow: " + Figures.whole(noops) + " tasks/s");
        var variants = new ArrayList<Chords.Variant>();
        try (var installation = bench.installation("chords");
                var worker = bench.worker(installation);
                var coordinator = bench.coordinator(installation);
                var client = bench.client(installation)) {
            seconds(client, WARM_UP * bench.parameters().warmUp());
            for (var members : bench.parameters().chords()) {
                var seconds = seconds(client, members);
                var perSecond = members / seconds;
                bench.tell("a chord of " + Figures.whole(members) + ": " + Figures.one(seconds) + " s");
                variants.add(new Chords.Variant(
                        members,
                        Rounded.to(2, seconds),
                        Rounded.to(0, perSecond),
                        Rounded.to(2, perSecond / noops),
                        Objects.requireNonNullElse(coordinator.residentBytes(), 0L)));
            }
            if (worker.cpu().isZero()) {
                throw new IllegalStateException("the worker has done nothing" + worker.logTail());
            }
        }
        return new Chords(bench.parameters().noops(), noops, variants);
    }

    /** A worker without a coordinator beside it, sent to while it runs, as that of the chords is. */
    private double noopsPerSecond() {
        var warmUp = WARM_UP * bench.parameters().warmUp();
        var noops = bench.parameters().noops();
        try (var installation = bench.installation("noops");
                var worker = bench.worker(installation);
                var results = installation.results()) {
            var arrivals = new Arrivals(SAMPLE);
            installation.preload(warmUp, ChordsBench::task);
            results.await(warmUp, arrivals, worker);
            var begun = System.nanoTime();
            installation.preload(noops, number -> task(warmUp + number));
            results.await(warmUp + noops, arrivals, worker);
            return Rounded.to(0, noops / SubmitBench.seconds(begun));
        }
    }

    private static Task task(int number) {
        return Task.named(EngineWorkerMain.NOOP)
                .id(TaskIds.of(number))
                .args(number)
                .build();
    }

    /** The body ignores the list of results: its size is not what is measured. */
    private static double seconds(Client client, int members) {
        var begun = System.nanoTime();
        var header = IntStream.range(0, members)
                .mapToObj(number -> Flow.task(EngineWorkerMain.NOOP, number))
                .toList();
        var chord = client.workflows()
                .send(Flow.group(header).then(Flow.task(EngineWorkerMain.NOOP).immutable()));
        JsonNode result = Waiting.forIt(chord.result().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        if (result == null) {
            throw new IllegalStateException("the body has no result");
        }
        return SubmitBench.seconds(begun);
    }
}
