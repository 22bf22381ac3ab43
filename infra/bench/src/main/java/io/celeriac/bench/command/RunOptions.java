package io.celeriac.bench.command;

import io.celeriac.bench.report.Json;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How much a benchmark does, and where it leaves what it has measured. */
public final class RunOptions {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--quick", description = "a little of everything, in some minutes; the numbers mean nothing")
    private boolean quick;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "${sys:celeriac.bench.out:-data/bench}",
            description = "where the raw numbers go, as JSON (data/bench of the project)")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path out;

    @Option(
            names = "--docs",
            paramLabel = "DIR",
            description = "fill in the tables of DIR/performance.md, and of a whole run what lies beside it")
    private @Nullable Path docs;

    public boolean quick() {
        return quick;
    }

    /**
     * Writes the raw numbers, and where {@code --docs} is given the page.
     *
     * @param name of the file of the raw numbers
     * @param page writes the page beside {@code performance.md}, in a directory
     */
    public void write(String name, Object report, Consumer<Path> page) {
        var json = out.resolve(name);
        Json.write(json, report);
        print("\nwritten: " + json);
        if (docs != null) {
            page.accept(docs);
            print("written: " + docs.resolve("performance.md"));
        }
    }

    public void print(String line) {
        var to = spec.commandLine().getOut();
        to.println(line);
        to.flush();
    }
}
