package io.celeriac.schedule.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Describes a crontab in English, by what it matches: the times of the day, then the days. A pattern without its own phrase is
 * described field by field.
 */
final class CrontabWords {

    static final int MOST_TIMES = 6;

    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");

    private static final List<String> WEEKDAYS =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

    private static final List<String> NTH = List.of("first", "second", "third", "fourth", "fifth");

    private CrontabWords() {}

    static String of(CrontabTimes times) {
        var clock = times.clock();
        return clock.count() <= MOST_TIMES
                ? "at " + times(clock) + days(times.days(), " every day")
                : clock(clock) + days(times.days(), "");
    }

    private static String times(CrontabClock clock) {
        return joined(timesOf(clock), "and");
    }

    /** Each time of the day, such as {@code 04:30}. */
    static List<String> timesOf(CrontabClock clock) {
        var pattern = clock.seconds() == 1 ? "%02d:%02d" : "%02d:%02d:%02d";
        return IntStream.iterate(clock.next(0), time -> time < CrontabClock.DAY, time -> clock.next(time + 1))
                .mapToObj(time -> String.format(Locale.ROOT, pattern, time / 3_600, time / 60 % 60, time % 60))
                .toList();
    }

    private static String clock(CrontabClock clock) {
        var everyHour = clock.hours() == CrontabField.HOUR.all();
        if (clock.seconds() == 1) {
            if (everyHour && clock.minutes() == 1) {
                return "every hour";
            }
            return everyHour && isRegular(CrontabField.MINUTE, clock.minutes())
                    ? regular(CrontabField.MINUTE, clock.minutes())
                    : "at " + within(CrontabField.MINUTE, clock.minutes()) + pastHours(clock);
        }
        if (everyHour && clock.minutes() == CrontabField.MINUTE.all()) {
            return isRegular(CrontabField.SECOND, clock.seconds())
                    ? regular(CrontabField.SECOND, clock.seconds())
                    : "at " + within(CrontabField.SECOND, clock.seconds()) + " of every minute";
        }
        return "at " + within(CrontabField.SECOND, clock.seconds()) + " of "
                + within(CrontabField.MINUTE, clock.minutes()) + pastHours(clock);
    }

    private static String pastHours(CrontabClock clock) {
        return " past " + within(CrontabField.HOUR, clock.hours());
    }

    /** Whether values come at even distances, over the end too, and begin with the first. */
    static boolean isRegular(CrontabField field, long values) {
        return Long.bitCount(values) > 1 && values == everyNth(field, distance(field, values));
    }

    static int distance(CrontabField field, long values) {
        var size = field.most() - field.least() + 1;
        return size % Long.bitCount(values) == 0 ? size / Long.bitCount(values) : size;
    }

    private static long everyNth(CrontabField field, int n) {
        return field.readPiece("*/" + n);
    }

    private static String regular(CrontabField field, long values) {
        var distance = distance(field, values);
        return distance == 1 ? "every " + field.label() : "every " + distance + " " + field.label() + "s";
    }

    private static String within(CrontabField field, long values) {
        return within(field, field.label(), values);
    }

    private static String within(CrontabField field, String unit, long values) {
        if (values == field.all()) {
            return "every " + unit;
        }
        if (isRegular(field, values)) {
            return "every " + ordinal(distance(field, values)) + " " + unit;
        }
        var all = IntStream.rangeClosed(field.least(), field.most())
                .filter(value -> has(values, value))
                .toArray();
        var step = all.length < 2 ? 0 : all[1] - all[0];
        var stepped =
                all.length > 2 && step > 1 && IntStream.range(1, all.length).allMatch(i -> all[i] - all[i - 1] == step);
        if (stepped) {
            return "every " + ordinal(step) + " " + unit + " from " + all[0] + " to " + all[all.length - 1];
        }
        return unit + (all.length > 1 ? "s " : " ") + joined(runs(field, values, Integer::toString), "and");
    }

    private static String days(CrontabDays days, String everyDay) {
        var everyMonth = days.months() == CrontabField.MONTH_OF_YEAR.all();
        var months = joined(runs(CrontabField.MONTH_OF_YEAR, days.months(), month -> MONTHS.get(month - 1)), "and");
        var inMonths = everyMonth ? "" : " in " + months;
        var ofMonths = everyMonth ? " of the month" : " of " + months;
        var weekdays = days.weekdays();
        if (days.monthDays().all()) {
            if (weekdays.all()) {
                return everyDay + inMonths;
            }
            var plain = weekdays.last() == 0 && weekdays.nth() == 0;
            return " on " + joined(weekdays(weekdays), "and") + (plain ? inMonths : ofMonths);
        }
        return " on " + joined(monthDays(days.monthDays()), "and") + ofMonths
                + (weekdays.all() ? "" : ", if that is " + joined(weekdays(weekdays), "or"));
    }

    private static List<String> monthDays(CrontabMonthDays monthDays) {
        var words = new ArrayList<String>();
        if (monthDays.days() != 0) {
            words.add(within(CrontabField.DAY_OF_MONTH, "day", monthDays.days()));
        }
        each(
                monthDays.beforeLast(),
                n -> words.add(n == 0 ? "the last day" : "the " + ordinal(n) + " day before the last"));
        each(monthDays.nearest(), n -> words.add(n == 0 ? "the last weekday" : "the weekday nearest to day " + n));
        return words;
    }

    private static List<String> weekdays(CrontabWeekdays weekdays) {
        var words = new ArrayList<>(runs(CrontabField.DAY_OF_WEEK, weekdays.every(), WEEKDAYS::get));
        each(weekdays.last(), day -> words.add("the last " + WEEKDAYS.get(day)));
        each(weekdays.nth(), bit -> words.add("the " + NTH.get(bit / 7) + " " + WEEKDAYS.get(bit % 7)));
        return words;
    }

    static void each(long bits, IntConsumer action) {
        for (var rest = bits; rest != 0; rest &= rest - 1) {
            action.accept(Long.numberOfTrailingZeros(rest));
        }
    }

    /** Values one by one, but three or more in a row as "a to b". Hours, months and weekdays go round. */
    private static List<String> runs(CrontabField field, long values, IntFunction<String> name) {
        return runs(field, values, name, " to ");
    }

    /**
     * @param to between the first and the last of three or more in a row
     */
    static List<String> runs(CrontabField field, long values, IntFunction<String> name, String to) {
        if (values == field.all()) {
            return List.of(name.apply(field.least()) + to + name.apply(field.most()));
        }
        var size = field.most() - field.least() + 1;
        var round = field != CrontabField.SECOND && field != CrontabField.MINUTE && field != CrontabField.DAY_OF_MONTH;
        var words = new ArrayList<String>();
        for (var from = field.least(); from <= field.most(); from++) {
            var begins = has(values, from)
                    && !(from > field.least() ? has(values, from - 1) : round && has(values, field.most()));
            if (begins) {
                var length = 1;
                while ((round || from + length <= field.most())
                        && has(values, field.least() + (from + length - field.least()) % size)) {
                    length++;
                }
                add(words, field, from, length, name, to);
            }
        }
        return words;
    }

    private static void add(
            List<String> words, CrontabField field, int from, int length, IntFunction<String> name, String to) {
        var size = field.most() - field.least() + 1;
        IntFunction<String> nth = i -> name.apply(field.least() + (from + i - field.least()) % size);
        if (length > 2) {
            words.add(nth.apply(0) + to + nth.apply(length - 1));
        } else {
            IntStream.range(0, length).mapToObj(nth).forEach(words::add);
        }
    }

    private static boolean has(long values, int value) {
        return ((values >>> value) & 1) == 1;
    }

    private static String joined(List<String> words, String and) {
        var last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " " + and + " " + words.get(last);
    }

    private static String ordinal(int n) {
        var suffix = n / 10 == 1
                ? "th"
                : List.of("th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th")
                        .get(n % 10);
        return n + suffix;
    }
}
