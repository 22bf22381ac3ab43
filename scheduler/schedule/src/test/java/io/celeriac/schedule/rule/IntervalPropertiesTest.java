package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class IntervalPropertiesTest {

    @Property
    void nextIsTheFirstInstantOfTheGridAfter(
            @ForAll("anchors") Instant anchor, @ForAll("durations") Duration every, @ForAll("instants") Instant after) {
        var table = new Interval(every).from(anchor, ZoneOffset.UTC);

        var next = table.next(after);

        if (next.isEmpty()) {
            assertThat(after.isBefore(Timetable.LAST.minus(every))).isFalse();
            return;
        }
        assertThat(next.get()).isAfter(after).isAfterOrEqualTo(anchor);
        assertThat(micros(anchor, next.get()) % (every.toMillis() * 1_000)).isZero();
        var before = next.get().minus(every);
        assertThat(before.isBefore(anchor) || !before.isAfter(after)).isTrue();
    }

    @Property
    void laterQuestionsGetNoEarlierAnswers(
            @ForAll("anchors") Instant anchor,
            @ForAll("durations") Duration every,
            @ForAll("instants") Instant one,
            @ForAll("instants") Instant other) {
        var table = new Interval(every).from(anchor, ZoneOffset.UTC);
        var early = one.isBefore(other) ? one : other;
        var late = one.isBefore(other) ? other : one;

        assertThat(table.next(late).orElse(Instant.MAX))
                .isAfterOrEqualTo(table.next(early).orElse(Instant.MAX));
    }

    @Property
    void lastAndCountAgreeWithWalking(
            @ForAll("anchors") Instant anchor,
            @ForAll("durations") Duration every,
            @ForAll @IntRange(max = 50) int steps,
            @ForAll @IntRange(max = 999) int more) {
        var table = new Interval(every).from(anchor, ZoneOffset.UTC);
        var walked = anchor;
        for (var step = 0; step < steps; step++) {
            walked = table.next(walked).orElse(walked);
        }
        var until = walked.plus(every.multipliedBy(more).dividedBy(1_000)).truncatedTo(ChronoUnit.MICROS);

        assertThat(table.last(anchor, until)).isEqualTo(walked);
        assertThat(table.count(anchor, walked)).isEqualTo(micros(anchor, walked) / (every.toMillis() * 1_000) + 1);
    }

    @Provide
    Arbitrary<Instant> anchors() {
        return Arbitraries.longs()
                .between(0, Instant.parse("2100-01-01T00:00:00Z").getEpochSecond() * 1_000_000)
                .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.oneOf(
                anchors().map(instant -> instant.plusNanos(999)),
                Arbitraries.longs()
                        .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())
                        .map(Instant::ofEpochSecond));
    }

    @Provide
    Arbitrary<Duration> durations() {
        return Arbitraries.longs()
                .between(10, Duration.ofDays(36_500).toMillis())
                .map(Duration::ofMillis);
    }

    private static long micros(Instant from, Instant to) {
        var between = Duration.between(from, to);
        return between.toSeconds() * 1_000_000 + between.toNanosPart() / 1_000;
    }
}
