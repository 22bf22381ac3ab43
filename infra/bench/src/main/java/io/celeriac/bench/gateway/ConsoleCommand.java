package io.celeriac.bench.gateway;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;

/** The command line of the benchmark {@code console}: those parts of {@code gateway} that are about pages. */
@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures what the pages of the console cost, and consoles that are left open.",
            "It is infra/bench/run gateway --only pages,consoles.%n"
        })
public final class ConsoleCommand extends GatewayCommand {

    @Override
    Set<Part> allParts() {
        return EnumSet.of(Part.PAGES, Part.CONSOLES);
    }
}
