package io.celeriac.bench.gateway;

import io.celeriac.bench.command.NameConverter;
import io.celeriac.bench.command.RunOptions;
import io.celeriac.bench.harness.Harness;
import java.time.Duration;
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

/** The command line of the benchmark {@code gateway}. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures what readers, pages of the console, bulk retries, heartbeats and sign-ins cost a gateway and its database.",
            "It starts a broker, a MariaDB and gateways of its own in a temporary directory, and ends them.",
            "A whole run takes about an hour and 30 GB of disk.%n"
        })
public class GatewayCommand implements Callable<Integer> {

    static final Map<String, String> BROKER = Map.of("group.initial.rebalance.delay.ms", "3000");

    private static final List<String> JVM_OPTIONS = List.of("-Xmx1g");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            converter = PartConverter.class,
            description = "only these parts: readers, pages, consoles, retry, heartbeats, sign-ins")
    private @Nullable Set<Part> only;

    @Option(names = "--rows", paramLabel = "N", description = "tasks that are read (10,000,000)")
    private @Nullable Integer rows;

    @Option(names = "--retried", paramLabel = "N", description = "failed tasks that one action retries (1,000,000)")
    private @Nullable Integer retried;

    @Option(names = "--minutes", paramLabel = "N", description = "that the consoles are open (10)")
    private @Nullable Integer minutes;

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
            var parts = only == null ? allParts() : EnumSet.copyOf(only);
            new GatewayBench(bench, parts, this::write).run();
        }
        return 0;
    }

    /** What runs if nobody says which parts. */
    Set<Part> allParts() {
        return EnumSet.allOf(Part.class);
    }

    private Parameters parameters() {
        var parameters = options.quick() ? Parameters.quick() : Parameters.full();
        return parameters.with(
                rows == null ? parameters.rows() : rows,
                retried == null ? parameters.retried() : retried,
                minutes == null ? parameters.open() : Duration.ofMinutes(minutes));
    }

    private void write(GatewayReport report) {
        options.write("gateway.json", report, docs -> new GatewayPage(docs).write(report));
    }

    static final class PartConverter extends NameConverter<Part> {

        PartConverter() {
            super(Part.class);
        }
    }
}
