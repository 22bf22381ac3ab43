package io.celeriac.engine.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.engine.topic.StepCheck.Answer;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class StepCheckTest {

    private static final String TOPIC = "celeriac.tasks.mail";

    private enum Cluster {
        HAS_IT,
        HAS_IT_NOT,
        IS_AWAY
    }

    private final MutableClock clock = MutableClock.at("2026-01-01T00:00:00Z");
    private final Queue<Runnable> lookups = new ArrayDeque<>();
    private final StepCheck check = new StepCheck(this::require, lookups::add, clock);
    private Cluster cluster = Cluster.HAS_IT;
    private int wakes;

    private void require(String topic) {
        switch (cluster) {
            case HAS_IT -> {}
            case HAS_IT_NOT -> throw new UnknownQueueException("no such topic");
            case IS_AWAY -> throw new IllegalStateException("no answer about topic " + topic + " in 30 s");
        }
    }

    private Answer answer() {
        return check.of(TOPIC, () -> wakes++);
    }

    private void look() {
        for (var lookup = lookups.poll(); lookup != null; lookup = lookups.poll()) {
            lookup.run();
        }
    }

    private void becomesPresent() {
        answer();
        look();
        assertThat(answer()).isEqualTo(new Answer.Present());
    }

    @Test
    void looksATopicUpOnceForAllWhoAsk() {
        assertThat(answer()).isEqualTo(new Answer.Pending());
        assertThat(answer()).isEqualTo(new Answer.Pending());
        assertThat(lookups).hasSize(1);

        look();
        assertThat(wakes).isEqualTo(1);
        assertThat(answer()).isEqualTo(new Answer.Present());
        assertThat(lookups).isEmpty();
    }

    @Test
    void tellsAnAbsenceOnceAndThenLooksAgain() {
        cluster = Cluster.HAS_IT_NOT;
        answer();
        look();
        assertThat(answer()).isEqualTo(new Answer.Absent("no such topic"));

        cluster = Cluster.HAS_IT;
        assertThat(answer()).isEqualTo(new Answer.Pending());
        look();
        assertThat(answer()).isEqualTo(new Answer.Present());
    }

    @Test
    void looksAgainAfterAMinuteAndStaysPresentMeanwhile() {
        becomesPresent();
        clock.advance(Duration.ofSeconds(59));
        assertThat(answer()).isEqualTo(new Answer.Present());
        assertThat(lookups).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        assertThat(answer()).isEqualTo(new Answer.Present());
        assertThat(answer()).isEqualTo(new Answer.Present());
        assertThat(lookups).hasSize(1);
    }

    /** A stream thread that sends to a deleted topic waits for a minute, fails, and begins again. */
    @Test
    void findsThatATopicWasDeleted() {
        becomesPresent();
        cluster = Cluster.HAS_IT_NOT;
        clock.advance(Duration.ofMinutes(1));
        answer();
        look();
        assertThat(answer()).isEqualTo(new Answer.Absent("no such topic"));
    }

    @Test
    void tellsNothingOldToACallerThatAsksSeldom() {
        becomesPresent();
        cluster = Cluster.HAS_IT_NOT;
        clock.advance(Duration.ofHours(1));
        assertThat(answer()).isEqualTo(new Answer.Pending());
        look();
        clock.advance(Duration.ofHours(1));
        cluster = Cluster.HAS_IT;
        assertThat(answer()).isEqualTo(new Answer.Pending());
        look();
        assertThat(answer()).isEqualTo(new Answer.Present());
    }

    @Test
    void looksAgainWhenAPartitionHasBegunAgain() {
        becomesPresent();
        cluster = Cluster.HAS_IT_NOT;
        check.forget();
        assertThat(answer()).isEqualTo(new Answer.Pending());
        look();
        assertThat(answer()).isEqualTo(new Answer.Absent("no such topic"));
    }

    /** A task that failed for a fault of the cluster would have failed for good. */
    @Test
    void looksAgainAfterAFaultOfTheCluster() {
        cluster = Cluster.IS_AWAY;
        answer();
        look();
        assertThat(answer()).isEqualTo(new Answer.Pending());
        assertThat(lookups).isEmpty();

        cluster = Cluster.HAS_IT;
        clock.advance(Duration.ofSeconds(5));
        assertThat(answer()).isEqualTo(new Answer.Pending());
        look();
        assertThat(answer()).isEqualTo(new Answer.Present());
    }

    @Test
    void keepsAKnownTopicPresentWhileTheClusterIsAway() {
        becomesPresent();
        cluster = Cluster.IS_AWAY;
        for (var seconds = 0; seconds < 600; seconds += 10) {
            clock.advance(Duration.ofSeconds(10));
            assertThat(answer()).isEqualTo(new Answer.Present());
            look();
        }
    }
}
