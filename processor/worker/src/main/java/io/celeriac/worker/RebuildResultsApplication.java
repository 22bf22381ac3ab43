package io.celeriac.worker;

import io.celeriac.results.rebuild.ResultRebuild;
import io.celeriac.results.rebuild.ResultRebuildConfiguration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Import;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** The command {@code rebuild-results} empties the tables of results, which the running workers then fill again from the topics. */
@Command(
        name = RebuildResultsApplication.NAME,
        description = {
            "Empties the tables of tasks and their counters; the workers then fill them again from Kafka. Workers may"
                    + " keep running: they begin within two seconds, or at their next start. Results that the topics no"
                    + " longer have do not come back; the topics keep results for celeriac.results.retention. If the"
                    + " command is interrupted, repeat it.%n"
        },
        footer = {
            "%nSPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD name the database."
        })
final class RebuildResultsApplication implements Callable<Integer> {

    static final String NAME = "rebuild-results";

    private static final int WIDTH = 120;

    /** Emptying a large table may take minutes. */
    private static final String WITHOUT_TIME_LIMIT =
            "--spring.datasource.hikari.data-source-properties.socketTimeout=0";

    @Option(names = "--yes", arity = "0", description = "empty the tables; otherwise only tell what would be done")
    private boolean yes;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    @SuppressWarnings("unused") // read by picocli
    private boolean help;

    /** Other arguments: settings of the program, such as {@code --spring.datasource.url}. */
    @Unmatched
    private List<String> settings = new ArrayList<>();

    private RebuildResultsApplication() {}

    /**
     * @param arguments after the name of the command
     * @return the exit code
     */
    static int run(List<String> arguments) {
        return new CommandLine(new RebuildResultsApplication())
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setUsageHelpWidth(WIDTH)
                .execute(arguments.toArray(String[]::new));
    }

    @Override
    public Integer call() {
        try (var context = new SpringApplicationBuilder(Program.class)
                .properties(Map.of("spring.config.name", "celeriac-worker,application"))
                .initializers(WorkerApplication::requireDatabase)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .run(Stream.concat(Stream.of(WITHOUT_TIME_LIMIT), settings.stream())
                        .toArray(String[]::new))) {
            var rebuild = context.getBean(ResultRebuild.class);
            if (!yes) {
                System.out.println(
                        "About " + rebuild.tasks() + " tasks are in the tables. To empty the tables, add --yes.");
                return 1;
            }
            rebuild.run();
            System.out.println(
                    "The tables are empty; every worker with a materializer fills them again from the topics.");
            return 0;
        }
    }

    static List<String> behindName(String[] arguments) {
        return Arrays.asList(arguments).subList(1, arguments.length);
    }

    /** Has no {@code @Configuration}: otherwise the worker, which scans this package, would take it for a part of its own. */
    @ImportAutoConfiguration(DataSourceAutoConfiguration.class)
    @Import(ResultRebuildConfiguration.class)
    static class Program {}
}
