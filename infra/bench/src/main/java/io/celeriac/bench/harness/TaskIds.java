package io.celeriac.bench.harness;

/** The ids of a measurement's tasks: numbers, so that a set of them is cheap. */
public final class TaskIds {

    private static final char PREFIX = 't';
    private static final int DIGITS = 9;
    private static final int FIRST = 1_000_000_000;

    private TaskIds() {}

    /**
     * @param number 0 to 999,999,999
     */
    public static String of(int number) {
        return PREFIX + String.valueOf(FIRST + number).substring(1);
    }

    /** The number of an id; -1 for one that is not of a numbered task. */
    static int number(byte[] id) {
        if (id.length != DIGITS + 1 || id[0] != PREFIX) {
            return -1;
        }
        int number = 0;
        for (int i = 1; i <= DIGITS; i++) {
            number = number * 10 + (id[i] - '0');
        }
        return number;
    }
}
