package io.celeriac.bench.engine;

import java.util.Locale;

/** The parts of the benchmark, in the order in which they run. */
enum Part {
    THROUGHPUT,
    ROUND_TRIP,
    SLEEPERS,
    LATENESS,
    SCALING,
    PARTITIONS,
    PAYLOADS,
    BREADTH;

    /** As the command line and the page call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
