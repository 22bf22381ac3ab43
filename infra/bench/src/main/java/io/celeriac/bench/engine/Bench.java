package io.celeriac.bench.engine;

import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.subject.EngineWorkerMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of the benchmark are given.
 *
 * @param progress told what is being done
 */
record Bench(Harness harness, Parameters parameters, Consumer<String> progress) {

    static final String AT_LEAST_ONCE = "guarantee=at_least_once";
    static final String EXACTLY_ONCE = "guarantee=exactly_once";

    void tell(String what) {
        progress.accept("  " + what);
    }

    /** A worker with the engine, on an empty state directory; settings as {@code name=value}. */
    Program worker(Installation installation, String... settings) {
        return worker(null, installation, settings);
    }

    /**
     * As {@link #worker(Installation, String...)}.
     *
     * @param javaHome of another JVM; null for this one
     */
    Program worker(@Nullable Path javaHome, Installation installation, String... settings) {
        var arguments = new ArrayList<>(installation.arguments(settings));
        arguments.add("state-dir=" + harness.newDirectory());
        return harness.start(javaHome, EngineWorkerMain.class, List.copyOf(arguments));
    }
}
