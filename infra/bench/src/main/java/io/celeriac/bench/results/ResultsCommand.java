package io.celeriac.bench.results;

import io.celeriac.bench.command.NameConverter;
import io.celeriac.bench.command.RunOptions;
import io.celeriac.bench.harness.Harness;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the benchmark {@code results}. */
@Command(
        name = "results",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures how results come into the database, and how they are found and deleted there.",
            "It starts a broker and a MariaDB of its own in a temporary directory, and ends them.",
            "A whole run takes about an hour and 30 GB of disk.%n"
        })
public final class ResultsCommand implements Callable<Integer> {

    static final Map<String, String> BROKER = Map.of("group.initial.rebalance.delay.ms", "3000");

    private static final List<String> JVM_OPTIONS = List.of("-Xmx2g");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            converter = PartConverter.class,
            description = "only these parts: materializer, lag, queries, searches, retention")
    private @Nullable Set<Part> only;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds of the materializer (3)")
    private @Nullable Integer rounds;

    @Option(names = "--results", paramLabel = "N", description = "results of a round of the materializer (300,000)")
    private @Nullable Integer results;

    @Option(names = "--rows", paramLabel = "N", description = "tasks that are searched and deleted (10,000,000)")
    private @Nullable Integer rows;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Override
    public Integer call() {
        var parameters = parameters();
        try (var harness = Harness.start(JVM_OPTIONS, BROKER)) {
            var bench = new Bench(
                    harness,
                    harness.startDatabase(parameters.databaseOptions()),
                    parameters,
                    InstantSource.system(),
                    options::print);
            var parts = only == null ? EnumSet.allOf(Part.class) : EnumSet.copyOf(only);
            new ResultsBench(bench, parts, this::write).run();
        }
        return 0;
    }

    private Parameters parameters() {
        var parameters = options.quick() ? Parameters.quick() : Parameters.full();
        return parameters.with(
                results == null ? parameters.results() : results,
                rounds == null ? parameters.rounds() : rounds,
                rows == null ? parameters.rows() : rows);
    }

    private void write(ResultsReport report) {
        options.write("results.json", report, docs -> new ResultsPage(docs).write(report));
    }

    static final class PartConverter extends NameConverter<Part> {

        PartConverter() {
            super(Part.class);
        }
    }
}
