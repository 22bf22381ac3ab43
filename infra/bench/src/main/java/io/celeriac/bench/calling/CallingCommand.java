package io.celeriac.bench.calling;

import io.celeriac.bench.command.NameConverter;
import io.celeriac.bench.command.RunOptions;
import io.celeriac.bench.harness.Harness;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the benchmark {@code calling}. */
@Command(
        name = "calling",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures what services do with tasks: sending them in each way, waiting for results, and workflows.",
            "It starts a broker, a MariaDB and programs of its own in a temporary directory, and ends them.%n"
        })
public final class CallingCommand implements Callable<Integer> {

    private static final List<String> JVM_OPTIONS = List.of("-Xmx1g");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            converter = PartConverter.class,
            description = "only these parts: submit, gets, chords, chain, nesting")
    private @Nullable Set<Part> only;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds of the sending (3)")
    private @Nullable Integer rounds;

    @Option(names = "--tasks", paramLabel = "N", description = "tasks of a round of the sending (200,000)")
    private @Nullable Integer tasks;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Override
    public Integer call() {
        var parameters = parameters();
        try (var harness = Harness.start(JVM_OPTIONS)) {
            var bench = new Bench(
                    harness, harness.startDatabase(List.of()), parameters, InstantSource.system(), options::print);
            var parts = only == null ? EnumSet.allOf(Part.class) : EnumSet.copyOf(only);
            new CallingBench(bench, parts, this::write).run();
        }
        return 0;
    }

    private Parameters parameters() {
        var parameters = options.quick() ? Parameters.quick() : Parameters.full();
        return parameters.with(
                tasks == null ? parameters.submitted() : tasks, rounds == null ? parameters.rounds() : rounds);
    }

    private void write(CallingReport report) {
        options.write("calling.json", report, docs -> new CallingPage(docs).write(report));
    }

    static final class PartConverter extends NameConverter<Part> {

        PartConverter() {
            super(Part.class);
        }
    }
}
