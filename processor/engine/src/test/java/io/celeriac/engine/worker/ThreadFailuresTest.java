package io.celeriac.engine.worker;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.engine.topic.QueueOffsets;
import io.celeriac.engine.topic.UnfitTopicsException;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A stream thread that fails of the same thing again and again must neither spin nor look well. */
class ThreadFailuresTest {

    private static final TopicPartition POISONED = new TopicPartition("tasks", 0);
    private static final TopicPartition OTHER = new TopicPartition("tasks", 1);

    private final MutableClock clock = MutableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final ThreadFailures failures = new ThreadFailures(1, clock);

    @Test
    void waitsLongerEachTimeButNotForEver() {
        assertThat(Stream.generate(this::fail).limit(8).toList())
                .isEqualTo(List.of(
                        Duration.ZERO,
                        ofSeconds(1),
                        ofSeconds(2),
                        ofSeconds(4),
                        ofSeconds(8),
                        ofSeconds(16),
                        ofSeconds(30),
                        ofSeconds(30)));
    }

    @Test
    void isDownAfterThreeInARowAndTellsTheReason() {
        fail();
        fail();
        assertThat(failures.areTooMany()).isFalse();

        fail();

        assertThat(failures.areTooMany()).isTrue();
        assertThat(failures.reason().orElseThrow())
                .isEqualTo("3 failures in a row, the last: java.lang.IllegalStateException: in tasks-0 at 7,"
                        + " because of java.lang.NumberFormatException: 1e99999999999");
    }

    /** All threads fail when the broker goes, and that is one failure. */
    @Test
    void countsThreadsThatFailAtOnceAsOne() {
        var three = new ThreadFailures(3, clock);
        for (int i = 0; i < 3; i++) {
            assertThat(three.failed(new IllegalStateException())).isZero();
        }
        assertThat(three.areTooMany()).isFalse();
    }

    @Test
    void isUpAgainWhenItHasGotOn() {
        failThrice();
        failures.look(places(5, 10, 0), true);
        clock.advance(ofMinutes(2));

        failures.look(places(6, 10, 1_000), true);

        assertThat(failures.areTooMany()).isFalse();
        assertThat(failures.reason()).isEmpty();
        assertThat(fail()).isZero();
    }

    /** Other partitions that get on between two failures are no sign that the record which kills the thread has gone. */
    @Test
    void isNotUpForWhatOtherPartitionsDo() {
        failThrice();
        failures.look(places(5, 10, 0), true);
        clock.advance(ofMinutes(2));

        failures.look(places(5, 10, 1_000), true);

        assertThat(failures.areTooMany()).isTrue();
    }

    @Test
    void isUpWhenAPartitionStandsStillThatHasEnoughTasksAndNothingFailsForLong() {
        failThrice();
        failures.look(places(5, 10, 0), true);
        clock.advance(ofMinutes(10));

        failures.look(places(5, 10, 0), true);

        assertThat(failures.areTooMany()).isFalse();
    }

    @Test
    void isNotUpBeforeItsThreadsHaveWorkedForAWhile() {
        failThrice();
        failures.look(places(5, 10, 0), true);
        clock.advance(ofSeconds(60)); // as long as a send blocks
        failures.look(places(10, 10, 1_000), true);
        clock.advance(ofMinutes(2));
        failures.look(places(10, 10, 1_000), false);

        assertThat(failures.areTooMany()).isTrue();
    }

    @Test
    void isDownForGoodWhenItHasStopped() {
        failures.stopped(new UnfitTopicsException("too many partitions"));
        clock.advance(ofHours(1));
        failures.look(places(10, 10, 1_000), true);

        assertThat(failures.areTooMany()).isTrue();
        assertThat(failures.areAny()).as("nothing to look for").isFalse();
        assertThat(failures.reason().orElseThrow()).startsWith("stopped: ").endsWith("too many partitions");
    }

    @Test
    void letsAThreadGoThatWaitsWhenTheWorkerCloses() {
        failures.close();
        failures.await(ofHours(1));
    }

    private void failThrice() {
        for (int i = 0; i < 3; i++) {
            fail();
        }
    }

    private Duration fail() {
        return failures.failed(
                new IllegalStateException("in tasks-0 at 7", new NumberFormatException("1e99999999999")));
    }

    private static QueueOffsets places(long committed, long end, long other) {
        return new QueueOffsets(
                Map.of(POISONED, committed, OTHER, other),
                Map.of(POISONED, 0L, OTHER, 0L),
                Map.of(POISONED, end, OTHER, 1_000L));
    }
}
