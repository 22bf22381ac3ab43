package io.celeriac.bench.gateway;

import java.util.Locale;

/** The parts of the benchmark, in the order in which they run. */
enum Part {
    READERS,
    PAGES,
    CONSOLES,
    RETRY,
    HEARTBEATS,
    SIGN_INS;

    /** As the command line and the page call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
