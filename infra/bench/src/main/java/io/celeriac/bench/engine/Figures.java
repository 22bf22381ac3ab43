package io.celeriac.bench.engine;

import java.util.Locale;

/** Numbers as the tables show them. */
final class Figures {

    private Figures() {}

    static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String one(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    static String two(double value) {
        return String.format(Locale.ROOT, "%,.2f", value);
    }
}
