package io.celeriac.bench.calling;

import java.util.Locale;

/** The parts of the benchmark, in the order in which they run. */
enum Part {
    SUBMIT,
    GETS,
    CHORDS,
    CHAIN,
    NESTING;

    /** As the command line and the page call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
