package io.celeriac.bench.results;

import java.util.Locale;

/** The parts of the benchmark, in the order in which they run. */
enum Part {
    MATERIALIZER,
    LAG,
    QUERIES,
    SEARCHES,
    RETENTION;

    /** As the command line and the page call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
