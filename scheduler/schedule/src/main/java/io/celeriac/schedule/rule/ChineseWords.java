package io.celeriac.schedule.rule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Describes rules in Chinese, as their own descriptions do in English. */
final class ChineseWords {

    private static final List<String> WEEKDAYS = List.of("星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六");

    private static final List<String> NTH = List.of("第一个", "第二个", "第三个", "第四个", "第五个");

    private ChineseWords() {}

    static String of(ScheduleRule rule) {
        if (rule instanceof Interval interval) {
            return "每 " + length(interval.every());
        }
        if (rule instanceof Crontab crontab) {
            return crontab(crontab.times());
        }
        return rule instanceof Solar solar ? solar(solar) : clocked((Clocked) rule);
    }

    private static String length(Duration every) {
        var words = new ArrayList<String>();
        add(words, every.toDays(), "天");
        add(words, every.toHoursPart(), "小时");
        add(words, every.toMinutesPart(), "分钟");
        add(words, every.toSecondsPart(), "秒");
        add(words, every.toMillisPart(), "毫秒");
        return String.join(" ", words);
    }

    private static void add(List<String> words, long count, String unit) {
        if (count > 0) {
            words.add(count + " " + unit);
        }
    }

    private static String clocked(Clocked clocked) {
        return "于 " + clocked.description().substring("once at ".length()) + " 触发一次";
    }

    private static String solar(Solar solar) {
        var english = solar.description();
        return "在 " + english.substring(english.lastIndexOf(" at ") + " at ".length()) + " " + event(solar.event());
    }

    private static String event(Solar.Event event) {
        return switch (event) {
            case DAWN_ASTRONOMICAL -> "天文晨光始";
            case DAWN_NAUTICAL -> "航海晨光始";
            case DAWN_CIVIL -> "民用晨光始";
            case SUNRISE -> "日出时";
            case SOLAR_NOON -> "正午（日上中天）";
            case SUNSET -> "日落时";
            case DUSK_CIVIL -> "民用昏影终";
            case DUSK_NAUTICAL -> "航海昏影终";
            case DUSK_ASTRONOMICAL -> "天文昏影终";
        };
    }

    private static String crontab(CrontabTimes times) {
        var clock = times.clock();
        var days = days(times.days());
        if (clock.count() <= CrontabWords.MOST_TIMES) {
            return (days.isEmpty() ? "每天" : days) + " " + String.join("、", CrontabWords.timesOf(clock));
        }
        return days.isEmpty() ? clock(clock) : days + " " + clock(clock);
    }

    private static String clock(CrontabClock clock) {
        var isEveryHour = clock.hours() == CrontabField.HOUR.all();
        var hours = within(CrontabField.HOUR, clock.hours(), "小时", "时");
        var minutes = within(CrontabField.MINUTE, clock.minutes(), "分钟", "分");
        if (clock.seconds() == 1) {
            if (isEveryHour && clock.minutes() == 1) {
                return "每小时整点";
            }
            return isEveryHour && CrontabWords.isRegular(CrontabField.MINUTE, clock.minutes())
                    ? minutes
                    : hours + "的" + minutes;
        }
        var seconds = within(CrontabField.SECOND, clock.seconds(), "秒", "秒");
        if (!isEveryHour) {
            return hours + "的" + minutes + "的" + seconds;
        }
        return clock.minutes() == CrontabField.MINUTE.all()
                        && CrontabWords.isRegular(CrontabField.SECOND, clock.seconds())
                ? seconds
                : minutes + "的" + seconds;
    }

    /**
     * @param length the unit as a length of time
     * @param unit after single values
     */
    private static String within(CrontabField field, long values, String length, String unit) {
        if (CrontabWords.isRegular(field, values)) {
            var distance = CrontabWords.distance(field, values);
            return distance == 1 ? "每" + length : "每 " + distance + " " + length;
        }
        return "第 " + String.join("、", CrontabWords.runs(field, values, Integer::toString, " 至 ")) + " " + unit;
    }

    private static String days(CrontabDays days) {
        var isEveryMonth = days.months() == CrontabField.MONTH_OF_YEAR.all();
        var months = isEveryMonth
                ? ""
                : String.join(
                        "、", CrontabWords.runs(CrontabField.MONTH_OF_YEAR, days.months(), month -> month + " 月", "至 "));
        var ofMonth = isEveryMonth ? "每月" : months + "的";
        var weekdays = days.weekdays();
        if (!days.monthDays().all()) {
            return ofMonth
                    + String.join("、", monthDays(days.monthDays()))
                    + (weekdays.all() ? "" : "（须为" + String.join("或", weekdays(weekdays)) + "）");
        }
        if (weekdays.all()) {
            return isEveryMonth ? "" : months + "每天";
        }
        var isPlain = weekdays.last() == 0 && weekdays.nth() == 0;
        var before = isPlain && isEveryMonth ? "每周" : ofMonth;
        return before + String.join("、", weekdays(weekdays));
    }

    private static List<String> monthDays(CrontabMonthDays monthDays) {
        var words = new ArrayList<String>();
        if (monthDays.days() != 0) {
            words.addAll(CrontabWords.runs(CrontabField.DAY_OF_MONTH, monthDays.days(), day -> day + " 日", "至 "));
        }
        CrontabWords.each(monthDays.beforeLast(), n -> words.add(n == 0 ? "最后一天" : "最后一天的前 " + n + " 天"));
        CrontabWords.each(monthDays.nearest(), n -> words.add(n == 0 ? "最后一个工作日" : "最接近 " + n + " 日的工作日"));
        return words;
    }

    private static List<String> weekdays(CrontabWeekdays weekdays) {
        var words = new ArrayList<>(CrontabWords.runs(CrontabField.DAY_OF_WEEK, weekdays.every(), WEEKDAYS::get, "至"));
        CrontabWords.each(weekdays.last(), day -> words.add("最后一个" + WEEKDAYS.get(day)));
        CrontabWords.each(weekdays.nth(), bit -> words.add(NTH.get(bit / 7) + WEEKDAYS.get(bit % 7)));
        return words;
    }
}
