package io.celeriac.bench;

import io.celeriac.bench.calling.CallingCommand;
import io.celeriac.bench.engine.EngineCommand;
import io.celeriac.bench.gateway.ConsoleCommand;
import io.celeriac.bench.gateway.GatewayCommand;
import io.celeriac.bench.results.ResultsCommand;
import io.celeriac.bench.schedules.SchedulesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of {@code infra/bench/run}. */
@Command(
        name = "infra/bench/run",
        mixinStandardHelpOptions = true,
        description = "The benchmarks behind the numbers in the docs.",
        subcommands = {
            EngineCommand.class,
            ResultsCommand.class,
            SchedulesCommand.class,
            GatewayCommand.class,
            ConsoleCommand.class,
            CallingCommand.class
        })
public final class BenchCommand {

    private BenchCommand() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(command.getColorScheme().errorText("failed: " + failure.getMessage()));
                    failure.printStackTrace(command.getErr());
                    return 1;
                })
                .execute(args));
    }
}
