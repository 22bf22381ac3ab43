package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrontabTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 4 * * * | 2026-01-01T04:00:00Z 2026-01-02T04:00:00Z",
                "0 4 * * 7 | 2026-01-04T04:00:00Z 2026-01-11T04:00:00Z",
                "0 4 * * 5-7 | 2026-01-02T04:00:00Z 2026-01-03T04:00:00Z 2026-01-04T04:00:00Z 2026-01-09T04:00:00Z",
                "0 4 * * 7-1 | 2026-01-04T04:00:00Z 2026-01-05T04:00:00Z 2026-01-11T04:00:00Z",
                "0 4 * * 5-7/2 | 2026-01-02T04:00:00Z 2026-01-04T04:00:00Z 2026-01-09T04:00:00Z",
                "0 0 13 * fri | 2026-02-13T00:00:00Z 2026-03-13T00:00:00Z 2026-11-13T00:00:00Z",
                "0 0 ? * ? | 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z",
                "0 0 L * * | 2026-01-31T00:00:00Z 2026-02-28T00:00:00Z 2026-03-31T00:00:00Z",
                "0 0 l-3 * * | 2026-01-28T00:00:00Z 2026-02-25T00:00:00Z",
                "0 0 L-28 2 * | 2028-02-01T00:00:00Z 2032-02-01T00:00:00Z",
                "0 0 LW * * | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z 2026-03-31T00:00:00Z",
                "0 0 15W * * | 2026-01-15T00:00:00Z 2026-02-16T00:00:00Z 2026-03-16T00:00:00Z 2026-04-15T00:00:00Z",
                "0 0 15w 8 * | 2026-08-14T00:00:00Z 2027-08-16T00:00:00Z",
                "0 0 1W * * | 2026-02-02T00:00:00Z 2026-03-02T00:00:00Z",
                "0 0 1W 8 * | 2026-08-03T00:00:00Z 2027-08-02T00:00:00Z",
                "0 0 31W 5 * | 2026-05-29T00:00:00Z 2027-05-31T00:00:00Z",
                "0 0 31W 4,5 * | 2026-05-29T00:00:00Z 2027-05-31T00:00:00Z",
                "0 0 1,15W,L * * | 2026-01-15T00:00:00Z 2026-01-31T00:00:00Z 2026-02-01T00:00:00Z 2026-02-16T00:00:00Z",
                "0 0 * * friL | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z 2026-03-27T00:00:00Z",
                "0 0 * * 5l,sundayL,7#1 | 2026-01-04T00:00:00Z 2026-01-25T00:00:00Z 2026-01-30T00:00:00Z 2026-02-01T00:00:00Z",
                "0 0 * * mon#2 | 2026-01-12T00:00:00Z 2026-02-09T00:00:00Z 2026-03-09T00:00:00Z",
                "0 0 * * 1#5 | 2026-03-30T00:00:00Z 2026-06-29T00:00:00Z",
                "0 0 * * wed,mon#1 | 2026-01-05T00:00:00Z 2026-01-07T00:00:00Z 2026-01-14T00:00:00Z",
                "0 0 13 * friL,mon#2 | 2026-04-13T00:00:00Z 2026-07-13T00:00:00Z",
                "30 0 4 * * * | 2026-01-01T04:00:30Z 2026-01-02T04:00:30Z",
                "*/20 59 23 31 12 * | 2026-12-31T23:59:00Z 2026-12-31T23:59:20Z 2026-12-31T23:59:40Z 2027-12-31T23:59:00Z",
                "@hourly | 2026-01-01T01:00:00Z 2026-01-01T02:00:00Z",
                "@daily | 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z",
                "@midnight | 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z",
                "@weekly | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z",
                "@monthly | 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z",
                "@Yearly | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z",
                "@annually | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z",
                "0 0 29 2 * | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z",
                "0 0 29 2 sun | 2032-02-29T00:00:00Z 2060-02-29T00:00:00Z 2088-02-29T00:00:00Z 2128-02-29T00:00:00Z",
            })
    void firesAfterNewYear2026(String expression, String fires) {
        var table = Crontab.parse(expression).from(Instant.EPOCH, ZoneOffset.UTC);
        var expected = Stream.of(fires.split(" ")).map(Instant::parse).toList();

        assertThat(walk(table, Instant.parse("2026-01-01T00:00:00Z"), expected.size()))
                .isEqualTo(expected);
    }

    @Test
    void beginsWithItsAnchor() {
        var table = Crontab.parse("*/10 * * * *").from(Instant.parse("2026-01-01T00:10:00Z"), ZoneOffset.UTC);
        var between = Crontab.parse("*/10 * * * *").from(Instant.parse("2026-01-01T00:10:00.000001Z"), ZoneOffset.UTC);

        assertThat(table.next(Instant.MIN)).contains(Instant.parse("2026-01-01T00:10:00Z"));
        assertThat(table.next(Instant.parse("2026-01-01T00:10:00Z"))).contains(Instant.parse("2026-01-01T00:20:00Z"));
        assertThat(table.next(Instant.parse("2026-01-01T00:19:59.999999Z")))
                .contains(Instant.parse("2026-01-01T00:20:00Z"));
        assertThat(between.next(Instant.MIN)).contains(Instant.parse("2026-01-01T00:20:00Z"));
    }

    @Test
    void endsWithTheYears() {
        var table = Crontab.parse("59 59 23 31 12 *").from(Instant.EPOCH, ZoneOffset.UTC);

        assertThat(table.next(Instant.parse("9998-12-31T23:59:59Z"))).contains(Instant.parse("9999-12-31T23:59:59Z"));
        assertThat(table.next(Instant.parse("9999-12-31T23:59:59Z"))).isEmpty();
        assertThat(table.next(Instant.MAX)).isEmpty();
    }

    @Test
    void knowsThat2100IsNoLeapYear() {
        var table = Crontab.parse("0 0 29 2 *").from(Instant.EPOCH, ZoneOffset.UTC);

        assertThat(table.next(Instant.parse("2096-02-29T00:00:00Z"))).contains(Instant.parse("2104-02-29T00:00:00Z"));
        assertThat(table.last(Instant.parse("2096-02-29T00:00:00Z"), Instant.parse("2104-02-28T23:59:59Z")))
                .isEqualTo(Instant.parse("2096-02-29T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * * | every minute",
                "*/15 * * * * | every 15 minutes",
                "*/30 * * * * | every 30 minutes",
                "*/7 * * * * | at every 7th minute from 0 to 56 past every hour",
                "5-59/15 * * * * | at every 15th minute from 5 to 50 past every hour",
                "0,1 * * * mon | at minutes 0 and 1 past every hour on Monday",
                "0 * * * * | every hour",
                "30 * * * * | at minute 30 past every hour",
                "5 */2 * * * | at minute 5 past every 2nd hour",
                "0 9-17 * * mon-fri | at minute 0 past hours 9 to 17 on Monday to Friday",
                "* 22-2 * * * | at every minute past hours 22 to 2",
                "*/10 */3 * * * | at every 10th minute past every 3rd hour",
                "0 4 * * * | at 04:00 every day",
                "0 */6 * * * | at 00:00, 06:00, 12:00 and 18:00 every day",
                "0 0 * 6-8 * | at 00:00 every day in June to August",
                "0 0 * */3 * | at 00:00 every day in January, April, July and October",
                "0 9 * * 1-5 | at 09:00 on Monday to Friday",
                "0 9 * * fri-mon | at 09:00 on Friday to Monday",
                "0 9 * * 0,6 | at 09:00 on Saturday and Sunday",
                "0 9 * nov-feb mon | at 09:00 on Monday in November to February",
                "0 0 1 * * | at 00:00 on day 1 of the month",
                "0 0 1-7,15 * * | at 00:00 on days 1 to 7 and 15 of the month",
                "0 0 */2 * * | at 00:00 on every 2nd day from 1 to 31 of the month",
                "0 0 L * * | at 00:00 on the last day of the month",
                "0 0 L-3 * * | at 00:00 on the 3rd day before the last of the month",
                "0 0 LW 3 * | at 00:00 on the last weekday of March",
                "0 0 15W * * | at 00:00 on the weekday nearest to day 15 of the month",
                "0 0 * * friL | at 00:00 on the last Friday of the month",
                "0 0 * 12 mon#2,friL | at 00:00 on the last Friday and the second Monday of December",
                "0 0 13 * fri | at 00:00 on day 13 of the month, if that is Friday",
                "0 0 13 1 mon,wed,fri | at 00:00 on day 13 of January, if that is Monday, Wednesday or Friday",
                "@yearly | at 00:00 on day 1 of January",
                "* * * * * * | every second",
                "*/10 * * * * * | every 10 seconds",
                "30 * * * * * | at second 30 of every minute",
                "30 0 4 * * * | at 04:00:30 every day",
                "0,30 0 * * * * | at every 30th second of minute 0 past every hour",
                "* * 4 * * * | at every second of every minute past hour 4",
            })
    void saysItInWords(String expression, String words) {
        assertThat(Crontab.parse(expression).description()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"minute\": \"61\"} | crontab.minute must be from 0 to 59, but is \"61\"",
                "{\"minute\": 60} | crontab.minute must be from 0 to 59, but is \"60\"",
                "{\"minute\": \"1,x\"} | crontab.minute must be from 0 to 59, but is \"x\"",
                "{\"minute\": \"mon\"} | crontab.minute must be from 0 to 59, but is \"mon\"",
                "{\"minute\": \"\"} | crontab.minute must be from 0 to 59, but is \"\"",
                "{\"minute\": \"1,,2\"} | crontab.minute must be from 0 to 59, but is \"\"",
                "{\"minute\": \"-5\"} | crontab.minute must be from 0 to 59, but is \"\"",
                "{\"minute\": \"L\"} | crontab.minute must be from 0 to 59, but is \"L\"",
                "{\"minute\": \"?\"} | crontab.minute must be from 0 to 59, but is \"?\"",
                "{\"minute\": \"9999999999\"} | crontab.minute must be from 0 to 59, but is \"9999999999\"",
                "{\"minute\": \"5/10\"} | crontab.minute must have * or a range before /, but is \"5/10\"",
                "{\"minute\": \"*/0\"} | crontab.minute must have a number from 1 after /, but is \"*/0\"",
                "{\"minute\": \"*/\"} | crontab.minute must have a number from 1 after /, but is \"*/\"",
                "{\"minute\": \"1-5/2/3\"} | crontab.minute must have a number from 1 after /, but is \"1-5/2/3\"",
                "{\"minute\": \"1-2-3\"} | crontab.minute must be from 0 to 59, but is \"2-3\"",
                "{\"hour\": \"24\"} | crontab.hour must be from 0 to 23, but is \"24\"",
                "{\"dayOfMonth\": \"0\"} | crontab.dayOfMonth must be from 1 to 31, L, L-3, LW or 15W, but is \"0\"",
                "{\"dayOfMonth\": \"32W\"} | crontab.dayOfMonth must be from 1 to 31, L, L-3, LW or 15W, but is \"32\"",
                "{\"dayOfMonth\": \"L-31\"} | crontab.dayOfMonth must have from 1 to 30 after L-, but is \"L-31\"",
                "{\"dayOfMonth\": \"L-0\"} | crontab.dayOfMonth must have from 1 to 30 after L-, but is \"L-0\"",
                "{\"monthOfYear\": \"foo\"} | crontab.monthOfYear must be from 1 to 12 or a name such as jan, but is \"foo\"",
                "{\"monthOfYear\": \"jan feb\"} | crontab.monthOfYear must be from 1 to 12 or a name such as jan, but is \"jan feb\"",
                "{\"dayOfWeek\": \"8\"} | crontab.dayOfWeek must be from 0 to 7 or a name such as mon, friL or mon#2, but is \"8\"",
                "{\"dayOfWeek\": \"L\"} | crontab.dayOfWeek must be from 0 to 7 or a name such as mon, friL or mon#2, but is \"L\"",
                "{\"dayOfWeek\": \"an m\"} | crontab.dayOfWeek must be from 0 to 7 or a name such as mon, friL or mon#2, but is \"an m\"",
                "{\"dayOfWeek\": \"mon#6\"} | crontab.dayOfWeek must have from 1 to 5 after #, but is \"mon#6\"",
                "{\"dayOfMonth\": \"30\", \"monthOfYear\": 2} | crontab.dayOfMonth must be a day that there is in one of the months, on one of the weekdays, but is \"30\"",
                "{\"dayOfMonth\": \"1W\", \"dayOfWeek\": \"sun\"} | crontab.dayOfMonth must be a day that there is in one of the months, on one of the weekdays, but is \"1W\"",
                "{\"dayOfMonth\": \"1-7\", \"dayOfWeek\": \"mon#2\"} | crontab.dayOfMonth must be a day that there is in one of the months, on one of the weekdays, but is \"1-7\"",
                "{\"minutes\": \"5\"} | crontab.minutes is not one of [minute, hour, dayOfMonth, monthOfYear, dayOfWeek]",
                "{\"hour\": [4]} | crontab.hour must be a string, but is [4]",
                "{\"hour\": 4.5} | crontab.hour must be a string, but is 4.5",
                "{\"hour\": true} | crontab.hour must be a string, but is true",
                "[] | crontab must be an object, but is []",
                "\"0 4 * * *\" | crontab must be an object, but is \"0 4 * * *\"",
            })
    void saysWhatIsWrongWithAField(String crontab, String message) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> read("{\"crontab\": " + crontab + "}"))
                .withMessage(message)
                .satisfies(e -> assertThat(message).startsWith(e.field() + " "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"expression\": \"61 4 * * *\"} | expression has a minute that must be from 0 to 59, but is \"61\"",
                "{\"expression\": \"0 25 * * *\"} | expression has an hour that must be from 0 to 23, but is \"25\"",
                "{\"expression\": \"60 0 4 * * *\"} | expression has a second that must be from 0 to 59, but is \"60\"",
                "{\"expression\": \"0 0 30 2 *\"} | expression has a dayOfMonth that must be a day that there is in one of the months, on one of the weekdays, but is \"30\"",
                "{\"expression\": \"0 4 * *\"} | expression must have five fields, or six beginning with the second, but is \"0 4 * *\"",
                "{\"expression\": \"0 0 4 * * * 2026\"} | expression must have five fields, or six beginning with the second, but is \"0 0 4 * * * 2026\"",
                "{\"expression\": \"\"} | expression must have five fields, or six beginning with the second, but is \"\"",
                "{\"expression\": \"@reboot\"} | expression must be one of [@annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly] or fields, but is \"@reboot\"",
                "{\"expression\": 4} | expression must be a string such as \"0 4 * * *\", but is 4",
                "{\"expression\": \"@daily\", \"crontab\": {}} | expression must not be given together with crontab",
                "{} | crontab is required: an object such as {\"minute\": \"0\", \"hour\": \"4\"}, or expression",
            })
    void saysWhatIsWrongWithAnExpression(String spec, String message) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> read(spec))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"crontab\":{\"minute\":\"0\",\"hour\":\"4\",\"dayOfMonth\":\"*\",\"monthOfYear\":\"*\",\"dayOfWeek\":\"mon-fri\"}}",
                "{\"expression\":\"0 4 * * mon-fri\"}",
                "{\"expression\":\"30 0 4 * * *\"}",
                "{\"expression\":\"@daily\"}",
            })
    void writesBackWhatWasGiven(String spec) {
        var rule = read(spec);

        assertThat(rule.spec()).hasToString(spec);
        assertThat(read(rule.spec().toString())).isEqualTo(rule).hasSameHashCodeAs(rule);
    }

    @Test
    void takesNumbersAndLeavesOutWhatIsAny() {
        assertThat(read("{\"crontab\": {\"minute\": 0, \"hour\": 4, \"dayOfWeek\": null}}"))
                .isEqualTo(Crontab.of("0", "4", "*", "*", "*"))
                .isNotEqualTo(Crontab.parse("0 4 * * *"));
    }

    @Test
    void doesNotMindSpace() {
        assertThat(Crontab.parse("  0\t4  * * *\n")).isEqualTo(Crontab.parse("0 4 * * *"));
        assertThat(Crontab.of(" 0, 30 ", "4", "*", "*", "*").description()).isEqualTo("at 04:00 and 04:30 every day");
    }

    @Test
    void fitsItsColumn() {
        var minutes = IntStream.range(0, 60).mapToObj(Integer::toString).collect(Collectors.joining(","));
        var five = Crontab.of(
                minutes + "," + minutes + "," + minutes + "," + minutes, minutes.substring(0, 61), "*", "*", "*");

        assertThat(TaskJson.MAPPER.writeValueAsString(five.spec()).length()).isLessThanOrEqualTo(1_000);
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> Crontab.of("0,".repeat(425) + "0", "*", "*", "*", "*"))
                .withMessage("crontab must have at most 850 characters, but has 855");
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> Crontab.parse("0,".repeat(425) + "0 * * * *"))
                .withMessage("expression must have at most 850 characters, but has 859");
    }

    private static ScheduleRule read(String spec) {
        return ScheduleRule.read("crontab", TaskJson.MAPPER.readTree(spec));
    }

    private static List<Instant> walk(Timetable table, Instant after, int count) {
        var fires = new ArrayList<Instant>();
        for (var next = table.next(after); next.isPresent() && fires.size() < count; next = table.next(next.get())) {
            fires.add(next.get());
        }
        return fires;
    }
}
