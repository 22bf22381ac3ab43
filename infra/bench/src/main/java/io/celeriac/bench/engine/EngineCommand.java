package io.celeriac.bench.engine;

import io.celeriac.bench.command.NameConverter;
import io.celeriac.bench.command.RunOptions;
import io.celeriac.bench.harness.Harness;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the benchmark {@code engine}. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures what a worker does with tasks, beside what Kafka does without it.",
            "It starts a broker of its own in a temporary directory, and ends it.%n"
        })
public final class EngineCommand implements Callable<Integer> {

    private static final List<String> JVM_OPTIONS = List.of("-Xmx2g");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            converter = PartConverter.class,
            description = {
                "only these parts: throughput, round-trip, sleepers, lateness, scaling,",
                "partitions, payloads, breadth"
            })
    private @Nullable Set<Part> only;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds of the throughput (3)")
    private @Nullable Integer rounds;

    @Option(names = "--tasks", paramLabel = "N", description = "tasks of a round of the throughput (500,000)")
    private @Nullable Integer tasks;

    @Option(
            names = "--other-java-home",
            paramLabel = "DIR",
            description = "run the sleepers on this JDK too, such as one with virtual threads")
    private @Nullable Path otherJavaHome;

    @Option(
            names = "--peer",
            paramLabel = "NAME=COMMAND",
            description = {
                "measure another program in the throughput too, once for each of these.",
                "It reads tasks from $TASKS_TOPIC of $BOOTSTRAP_SERVERS and writes a result",
                "with the key of each to $RESULTS_TOPIC, as JSON with the fields of ours"
            })
    private Map<String, String> peers = new LinkedHashMap<>();

    @Mixin
    private final RunOptions options = new RunOptions();

    @Override
    public Integer call() {
        try (var harness = Harness.start(JVM_OPTIONS)) {
            var bench = new Bench(harness, parameters(), options::print);
            var parts = only == null ? EnumSet.allOf(Part.class) : EnumSet.copyOf(only);
            var report =
                    new EngineBench(bench, parts, InstantSource.system(), otherJavaHome, peers, options::print).run();
            write(report);
        }
        return 0;
    }

    private Parameters parameters() {
        var parameters = options.quick() ? Parameters.quick() : Parameters.full();
        return parameters.with(
                tasks == null ? parameters.tasks() : tasks, rounds == null ? parameters.rounds() : rounds);
    }

    private void write(EngineReport report) {
        options.write("engine.json", report, docs -> new EnginePage(docs).write(report));
    }

    static final class PartConverter extends NameConverter<Part> {

        PartConverter() {
            super(Part.class);
        }
    }
}
