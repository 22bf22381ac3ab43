package io.celeriac.bench.engine;

import io.celeriac.bench.engine.Throughput.Round;
import io.celeriac.bench.engine.Throughput.Variant;
import io.celeriac.bench.harness.Arrivals;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.harness.TaskIds;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.BareLoopMain;
import io.celeriac.bench.subject.BareStreamsMain;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Preloaded tasks that do nothing, through the engine and through what one would have without it. The second half of a round shows a
 * program that has warmed up. Each run has a JVM and
 * topics of its own; the programs take turns, so that a slow minute of the machine does not meet one of them alone.
 */
final class ThroughputBench {

    static final String BARE_LOOP = "bare loop";
    static final String ENGINE = "engine, defaults";

    private static final int SAMPLE = 64;
    private static final Instant SUBMITTED = Instant.parse("2026-01-01T00:00:00.123456Z");

    private final Bench bench;
    private final int tasks;
    private final IntFunction<Task> task;
    private final Map<String, Function<Installation, Program>> programs = new LinkedHashMap<>();
    private long taskBytes;
    private double resultBytes;

    /** @param peers commands of other programs, by name; see {@link EngineCommand} */
    ThroughputBench(Bench bench, Map<String, String> peers) {
        this(bench, peers, bench.parameters().tasks(), ThroughputBench::task);
    }

    /** @param tasks of a round */
    ThroughputBench(Bench bench, Map<String, String> peers, int tasks, IntFunction<Task> task) {
        this.bench = bench;
        this.tasks = tasks;
        this.task = task;
        programs.put(BARE_LOOP, installation -> bench.harness().start(BareLoopMain.class, installation.arguments()));
        programs.put("bare Streams, at_least_once", installation -> bareStreams(installation, "at_least_once"));
        programs.put("bare Streams, exactly_once_v2", installation -> bareStreams(installation, "exactly_once_v2"));
        programs.put(ENGINE, bench::worker);
        programs.put("engine, no deduplication", installation -> bench.worker(installation, "deduplication=PT0S"));
        programs.put("engine, exactly_once", installation -> bench.worker(installation, Bench.EXACTLY_ONCE));
        peers.forEach((name, command) -> programs.put(name, installation -> peer(name, command, installation)));
    }

    private Program peer(String name, String command, Installation installation) {
        return bench.harness()
                .start(
                        name,
                        command,
                        Map.of(
                                "BOOTSTRAP_SERVERS",
                                bench.harness().bootstrapServers(),
                                "TASKS_TOPIC",
                                installation.tasksTopic(),
                                "RESULTS_TOPIC",
                                installation.resultsTopic()));
    }

    private Program bareStreams(Installation installation, String guarantee) {
        var state = bench.harness().newDirectory().toString();
        return bench.harness().start(BareStreamsMain.class, installation.arguments(guarantee, state));
    }

    /** Leaves out all other programs. */
    ThroughputBench only(String... names) {
        programs.keySet().retainAll(List.of(names));
        return this;
    }

    Throughput run() {
        var rounds = new LinkedHashMap<String, List<Round>>();
        for (int round = 1; round <= bench.parameters().rounds(); round++) {
            for (var program : programs.entrySet()) {
                var name = program.getKey();
                var measured = round(program.getValue());
                bench.tell("round " + round + ", " + name + ": " + Figures.whole(measured.tasksPerSecond())
                        + " tasks/s, second half " + Figures.whole(measured.warmPerSecond()) + "; CPU "
                        + Figures.one(measured.cpuSeconds()) + " s, " + Figures.one(measured.warmCpuMicros())
                        + " µs a task in the second half");
                rounds.computeIfAbsent(name, none -> new ArrayList<>()).add(measured);
            }
        }
        return report(rounds);
    }

    private Throughput report(Map<String, List<Round>> rounds) {
        var bareLoop = rounds.values().iterator().next();
        var variants = rounds.entrySet().stream()
                .map(entry -> Variant.of(entry.getKey(), tasks, entry.getValue(), bareLoop))
                .toList();
        return new Throughput(tasks, Rounded.to(0, taskBytes / (double) tasks), resultBytes, variants);
    }

    private Round round(Function<Installation, Program> start) {
        try (var installation =
                bench.harness().installation("throughput", bench.parameters().partitions())) {
            taskBytes = installation.preload(tasks, task);
            try (var results = installation.results();
                    var program = start.apply(installation)) {
                var arrivals = results.await(tasks / 2, new Arrivals(SAMPLE), program);
                var half = new Moment(arrivals, program);
                results.await(tasks, arrivals, program);
                var end = new Moment(arrivals, program);
                var allocated = program.allocatedBytes();
                results.drain(arrivals);
                requireAll(arrivals, tasks);
                resultBytes = arrivals.bytesPerResult();
                return new Round(
                        arrivals.perSecond(),
                        Rounded.to(1, end.tasksPerSecond(half)),
                        Rounded.to(1, end.cpu.toMillis() / 1_000.0),
                        Rounded.to(1, end.cpuMicros(half)),
                        allocated == null ? null : Rounded.to(1, allocated / 1_024.0 / tasks),
                        installation.changelogRecords(),
                        arrivals.records());
            }
        }
    }

    /** How far a program has come, and what it has used for it. */
    private record Moment(int results, long nanos, Duration cpu) {

        Moment(Arrivals arrivals, Program program) {
            this(arrivals.distinct(), arrivals.lastAt(), program.cpu());
        }

        double tasksPerSecond(Moment before) {
            return (results - before.results) * 1e9 / (nanos - before.nanos);
        }

        double cpuMicros(Moment before) {
            return cpu.minus(before.cpu).toNanos() / 1e3 / (results - before.results);
        }
    }

    private static void requireAll(Arrivals arrivals, int tasks) {
        if (arrivals.distinct() != tasks) {
            throw new IllegalStateException(tasks + " tasks came to " + arrivals.distinct() + " results");
        }
    }

    static Task task(int number) {
        return task(EngineWorkerMain.NOOP, number);
    }

    static Task task(String handler, int number) {
        return Task.named(handler)
                .id(TaskIds.of(number))
                .args(number, "customer-4711", "invoice")
                .kwarg("retry", true)
                .kwarg("lang", "en")
                .submittedAt(SUBMITTED)
                .build();
    }
}
