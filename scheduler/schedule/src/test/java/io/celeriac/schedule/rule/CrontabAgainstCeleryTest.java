package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** What Celery itself makes of a crontab, as the head of each file says, is what we make of it. */
class CrontabAgainstCeleryTest {

    @Test
    void expandsFieldsAsCeleryDoes() {
        var softly = new SoftAssertions();
        for (var line : lines("celery-crontab-fields.txt")) {
            var columns = line.split("\\|", -1);
            var text = columns[1].strip();
            var expected = columns[2].strip();
            if (expected.isEmpty()) {
                assertThatExceptionOfType(InvalidScheduleException.class)
                        .as(line)
                        .isThrownBy(() -> read(columns[0].strip(), text));
            } else {
                softly.assertThat(read(columns[0].strip(), text)).as(line).isEqualTo(expected);
            }
        }
        softly.assertAll();
    }

    private static String read(String label, String text) {
        var field = Arrays.stream(CrontabField.values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow();
        var bits = switch (field) {
            case DAY_OF_MONTH -> CrontabMonthDays.read(text).days();
            case DAY_OF_WEEK -> CrontabWeekdays.read(text).every();
            default -> field.read(text);
        };
        return IntStream.range(0, 64)
                .filter(bit -> ((bits >>> bit) & 1) == 1)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    @Test
    void firesWhenCeleryFires() {
        var softly = new SoftAssertions();
        for (var line : lines("celery-crontab-fires.txt")) {
            var columns = line.split("\\|", -1);
            var table = Crontab.parse(columns[0]).from(Instant.EPOCH, ZoneOffset.UTC);
            var after = Instant.parse(columns[1].strip());
            for (var fire : columns[2].strip().split(" ", -1)) {
                var next = table.next(after).orElseThrow();
                softly.assertThat(next).as(line).isEqualTo(Instant.parse(fire));
                after = next;
            }
        }
        softly.assertAll();
    }

    private static List<String> lines(String resource) {
        try (var in = Objects.requireNonNull(CrontabAgainstCeleryTest.class.getResourceAsStream(resource))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
            assertThat(lines).hasSizeGreaterThan(100);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
