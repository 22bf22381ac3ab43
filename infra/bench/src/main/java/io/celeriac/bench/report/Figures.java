package io.celeriac.bench.report;

import java.util.Locale;

/** Numbers as the tables show them. */
public final class Figures {

    private Figures() {}

    public static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    public static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    public static String one(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    public static String two(double value) {
        return String.format(Locale.ROOT, "%,.2f", value);
    }

    public static String range(double lowest, double highest) {
        return whole(lowest) + " – " + whole(highest);
    }

    public static String rounds(int count) {
        return count == 1 ? "one round" : count + " rounds";
    }
}
