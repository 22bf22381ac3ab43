package io.celeriac.schedule.rule;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A field of a crontab, and what all of them have in common. Values are bits: bit 5 of a minute is minute 5.
 *
 * <pre>
 * *        all             a      that one         a-b    from a to b; from 22-2 it goes on over the end: 22, 23, 0, 1, 2
 * *&#47;n      every n-th of all, from the least, so the 1st, 3rd, 5th … for *&#47;2 as a day     a-b/n  every n-th of a-b, from a
 * x,y,z    each of them    mon, Monday, JAN   a name, by its first three letters, in the fields that have names
 * </pre>
 */
enum CrontabField {
    SECOND("second", 0, 59, "", ""),
    MINUTE("minute", 0, 59, "", ""),
    HOUR("hour", 0, 23, "", ""),
    DAY_OF_MONTH("dayOfMonth", 1, 31, "", ", L, L-3, LW or 15W"),
    MONTH_OF_YEAR("monthOfYear", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec", " or a name such as jan"),
    /** From 0, Sunday, to 6, Saturday; 7 is Sunday too, at the end of a range as well: 5-7. */
    DAY_OF_WEEK("dayOfWeek", 0, 6, "sun mon tue wed thu fri sat", " or a name such as mon, friL or mon#2");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z]{3,20}");

    private final String label;
    private final int least;
    private final int most;
    private final String names;
    private final String alsoAllowed;

    CrontabField(String label, int least, int most, String names, String alsoAllowed) {
        this.label = label;
        this.least = least;
        this.most = most;
        this.names = names;
        this.alsoAllowed = alsoAllowed;
    }

    /** Its name in JSON, and in messages. */
    String label() {
        return label;
    }

    /** The lowest value. */
    int least() {
        return least;
    }

    /** The highest value. */
    int most() {
        return most;
    }

    /** All values, as bits. */
    long all() {
        return spread(least, most, 1);
    }

    /** The pieces of a list; one when there is no comma. */
    static String[] pieces(String text) {
        var pieces = text.split(",", -1);
        for (var i = 0; i < pieces.length; i++) {
            pieces[i] = pieces[i].strip();
        }
        return pieces;
    }

    /**
     * The values of a whole field, as bits.
     *
     * @throws InvalidScheduleException naming {@link #label()}
     */
    long read(String text) {
        var values = 0L;
        for (var piece : pieces(text)) {
            values |= readPiece(piece);
        }
        return values;
    }

    /** The values of one piece of the list, as bits. */
    long readPiece(String piece) {
        var slash = piece.indexOf('/');
        var range = slash < 0 ? piece : piece.substring(0, slash);
        var step = slash < 0 ? 1 : step(piece, piece.substring(slash + 1));
        if (range.equals("*")) {
            return spread(least, most, step);
        }
        var dash = range.indexOf('-');
        if (dash >= 0) {
            return spread(number(range.substring(0, dash)), number(range.substring(dash + 1)), step);
        }
        if (slash >= 0) {
            throw refused("must have * or a range before /", piece);
        }
        var number = number(range);
        return spread(number, number, 1);
    }

    private int step(String piece, String text) {
        var step = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (step == 0) {
            throw refused("must have a number from 1 after /", piece);
        }
        return step;
    }

    private long spread(int from, int to, int step) {
        var size = most - least + 1;
        var last = to < from ? to + size : to;
        var values = 0L;
        for (var value = from; value <= last; value += step) {
            values |= 1L << (least + (value - least) % size);
        }
        return values;
    }

    /** A single value as it is written; Sunday may come as 7. */
    int number(String text) {
        var highest = this == DAY_OF_WEEK ? 7 : most;
        if (NUMBER.matcher(text).matches()) {
            var number = Integer.parseInt(text);
            if (number >= least && number <= highest) {
                return number;
            }
        } else if (NAME.matcher(text).matches()) {
            var index = names.indexOf(text.substring(0, 3).toLowerCase(Locale.ROOT));
            if (index >= 0) {
                return least + index / 4;
            }
        }
        throw refused("must be from " + least + " to " + highest + alsoAllowed, text);
    }

    /** For a piece that breaks a rule. */
    InvalidScheduleException refused(String rule, String piece) {
        return new InvalidScheduleException(label, rule + ", but is \"" + piece + '"');
    }
}
