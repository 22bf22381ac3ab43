package io.celeriac.bench.harness;

/** The ids of a measurement's tasks: numbers, so that a set of them is cheap. */
public final class TaskIds {

    private static final String PREFIX = "01890000-0000-7000-8000-000";
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
        if (id.length != PREFIX.length() + DIGITS || id[PREFIX.length() - 1] != '0' || id[8] != '-') {
            return -1;
        }
        int number = 0;
        for (int i = PREFIX.length(); i < id.length; i++) {
            number = number * 10 + (id[i] - '0');
        }
        return number;
    }
}
