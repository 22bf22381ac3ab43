package io.celeriac.bench.schedules;

import io.celeriac.bench.command.NameConverter;
import io.celeriac.bench.command.RunOptions;
import io.celeriac.bench.harness.Harness;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the benchmark {@code schedules}. */
@Command(
        name = "schedules",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures how late very many schedules fire, what that costs, and what a scheduler that is killed leaves behind.",
            "It starts a broker and a MariaDB of its own in a temporary directory, and ends them.%n"
        })
public final class SchedulesCommand implements Callable<Integer> {

    private static final List<String> JVM_OPTIONS = List.of("-Xmx2g");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            converter = PartConverter.class,
            description = "only these parts: rate, kill, planning")
    private @Nullable Set<Part> only;

    @Option(names = "--schedules", paramLabel = "N", description = "schedules that are stored (1,000,000)")
    private @Nullable Integer schedules;

    @Option(
            names = "--spread",
            paramLabel = "HOW",
            converter = SpreadConverter.class,
            description =
                    "all: each of them fires, rarely (default); few: some fire every three seconds, the others in 30 days")
    private @Nullable Spread spread;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "N",
            description = "firings a second, one measurement for each (1000,2000,5000)")
    private @Nullable List<Integer> rates;

    @Option(names = "--schedulers", paramLabel = "N", description = "that run at once in part rate (1)")
    private @Nullable Integer schedulers;

    @Option(names = "--no-worker", description = "measure each rate without a worker only")
    private boolean noWorker;

    @Option(names = "--seconds", paramLabel = "N", description = "that each rate is measured (60)")
    private @Nullable Integer seconds;

    @Option(names = "--unplanned", paramLabel = "N", description = "schedules of part planning (1,000,000)")
    private @Nullable Integer unplanned;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Override
    public Integer call() {
        var parameters = parameters();
        try (var harness = Harness.start(JVM_OPTIONS)) {
            var bench = new Bench(
                    harness,
                    harness.startDatabase(parameters.databaseOptions()),
                    parameters,
                    InstantSource.system(),
                    options::print);
            var parts = only == null ? EnumSet.allOf(Part.class) : EnumSet.copyOf(only);
            new SchedulesBench(bench, parts, this::write).run();
        }
        return 0;
    }

    private Parameters parameters() {
        var defaults = options.quick() ? Parameters.quick() : Parameters.full();
        return new Parameters(
                defaults.partitions(),
                schedules == null ? defaults.schedules() : schedules,
                spread == null ? defaults.spread() : spread,
                rates == null ? defaults.rates() : rates,
                schedulers == null ? defaults.schedulers() : schedulers,
                !noWorker,
                defaults.warmUp(),
                seconds == null ? defaults.measured() : Duration.ofSeconds(seconds),
                defaults.killRate(),
                defaults.killMeasured(),
                unplanned == null ? defaults.unplanned() : unplanned,
                defaults.bufferPool(),
                defaults.logFile());
    }

    private void write(SchedulesReport report) {
        options.write("schedules.json", report, docs -> new SchedulesPage(docs).write(report));
    }

    static final class PartConverter extends NameConverter<Part> {

        PartConverter() {
            super(Part.class);
        }
    }

    static final class SpreadConverter extends NameConverter<Spread> {

        SpreadConverter() {
            super(Spread.class);
        }
    }
}
