package io.celeriac.bench.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.bench.schedules.Emission.Window;
import io.celeriac.bench.schedules.SchedulesRepository.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is not as it should be must be seen, or the benchmark proves nothing. */
class FindingsTest {

    private static final Instant BEGIN = Instant.parse("2026-11-27T12:00:00Z");

    private final Fleet fleet = Fleet.of(Spread.ALL, 10, 10, BEGIN);
    private final List<Emission> emissions = new ArrayList<>();
    private final List<Line> history = new ArrayList<>();

    FindingsTest() {
        IntStream.range(0, 30).forEach(number -> {
            emissions.add(emission(number, "task-" + number));
            history.add(new Line(number % 10, fleet.fireTime(number), "task-" + number));
        });
    }

    @Test
    void findsNothingWhereAllIsAsItShouldBe() {
        assertThat(found()).isEqualTo(new Findings(20, 0, 0, 0, 0, 0, 0));
        assertThat(found().areAsTheyShould()).isTrue();
    }

    @Test
    void allowsATaskTwiceUnderItsId() {
        emissions.add(emissions.get(12));

        assertThat(found()).isEqualTo(new Findings(20, 0, 1, 0, 0, 0, 0));
        assertThat(found().areAsTheyShould()).isTrue();
    }

    @Test
    void findsARunUnderASecondId() {
        emissions.add(emission(12, "another"));

        assertThat(found()).isEqualTo(new Findings(20, 0, 0, 1, 0, 0, 0));
        assertThat(found().areAsTheyShould()).isFalse();
    }

    @Test
    void findsAnIdOfTwoRuns() {
        emissions.set(12, emission(12, "task-13"));

        assertThat(found()).isEqualTo(new Findings(20, 0, 0, 0, 1, 1, 0));
    }

    @Test
    void findsARunThatIsLost() {
        emissions.remove(12);

        assertThat(found()).isEqualTo(new Findings(20, 1, 0, 0, 0, 1, 0));
    }

    @Test
    void findsARunThatWasSkippedAndOneWithoutHistory() {
        history.set(12, new Line(2, fleet.fireTime(12), ""));
        history.remove(13);

        assertThat(found()).isEqualTo(new Findings(20, 0, 0, 0, 0, 2, 1));
    }

    /** Of the 30 runs, those from the fifth on to the 25th. */
    private Findings found() {
        var window = new Window(fleet.fireTime(5), fleet.fireTime(25));
        var inWindow = history.stream()
                .filter(line -> window.contains(line.fireTime()))
                .toList();
        return Findings.of(fleet, window, emissions, inWindow);
    }

    private Emission emission(int number, String taskId) {
        return new Emission(number, taskId, fleet.fireTime(number), fleet.fireTime(number));
    }
}
