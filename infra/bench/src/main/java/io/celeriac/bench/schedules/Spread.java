package io.celeriac.bench.schedules;

import java.util.Locale;

/** How the firings are spread over the schedules. */
enum Spread {

    /** Every schedule fires, at the same long interval. */
    ALL,

    /** Few schedules fire, every three seconds, among others whose first run is far away. */
    FEW;

    /** As the command line calls it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
