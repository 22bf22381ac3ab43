package io.celeriac.engine.poison;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.poison.Trace.Place;
import io.celeriac.engine.poison.Trace.Trials;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuarantineTest {

    private static final Suspicion QUICK = new Suspicion(2, 0, 0, Duration.ZERO, Duration.ZERO, ofMillis(300));
    private static final Suspicion SLOW = new Suspicion(4, 0, 0, Duration.ZERO, Duration.ZERO, ofSeconds(20));

    private final Quarantine quarantine = new Quarantine();
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void triesOneAfterTheOther() {
        await("a", QUICK);
        await("b", QUICK);
        assertThat(quarantine.isCareful(now)).isTrue();
        assertThat(letIn(ofMillis(900), "a", "b")).as("in their backoff").isEmpty();
        assertThat(quarantine.placeOfWaiting(now)).isEqualTo(Place.WAITS);

        assertThat(letIn(ofMillis(200), "a", "b")).containsExactly("a");
        assertThat(quarantine.placeOfRunning(task("a"), now)).isEqualTo(Place.ALONE);
        assertThat(quarantine.placeOfWaiting(now)).isEqualTo(Place.WAITS_FOR_OTHERS);
        assertThat(quarantine.trials(now)).isEqualTo(Trials.SHORT);

        assertThat(letIn(ofMillis(700), "b"))
                .as("when the trial of the first is over")
                .containsExactly("b");
        assertThat(quarantine.placeOfRunning(task("a"), now)).isEqualTo(Place.BESIDE);
        assertThat(quarantine.waiting()).isZero();
    }

    /** A killer that nobody knows yet would put its death down to the suspect; but nobody waits longer than some seconds. */
    @Test
    void letsNothingBeginInAShortTrialNorTriesBesideWhatHasJustBegun() {
        await("a", QUICK);
        now = now.plusSeconds(2);
        assertThat(quarantine.enterUntried(task("new"), now)).isTrue();
        assertThat(letIn(ofMillis(500), "a")).isEmpty();
        assertThat(quarantine.enterUntried(task("newer"), now)).isFalse();

        assertThat(letIn(ofMillis(600), "a")).containsExactly("a");
        assertThat(quarantine.enterUntried(task("newer"), now)).isFalse();

        quarantine.leave(task("a"), now);
        assertThat(quarantine.enterUntried(task("newer"), now)).isTrue();
    }

    @Test
    void letsOthersBeginNowAndThenThoughManyAreToBeTried() {
        var many = Stream.iterate(10, i -> i + 1).limit(40).map(String::valueOf).toList();
        many.forEach(id -> await(id, new Suspicion(4, 0, 0, Duration.ZERO, Duration.ZERO, ofMillis(500))));
        now = now.plusSeconds(1);

        var longest = Duration.ZERO;
        var last = now;
        for (int i = 0; i < 300; i++) {
            letIn(ofMillis(100), many.toArray(String[]::new));
            if (quarantine.enterUntried(task("t" + i), now)) {
                longest = longest.compareTo(Duration.between(last, now)) < 0 ? Duration.between(last, now) : longest;
                last = now;
            }
        }

        assertThat(longest).isLessThan(ofSeconds(8));
        assertThat(quarantine.waiting()).isLessThan(25);
    }

    /** It may take as long as it did the last time; the others have their turn in time, and what is no suspect begins. */
    @Test
    void letsOthersGoOnBesideALongTrial() {
        await("slow", SLOW);
        assertThat(letIn(ofSeconds(1), "slow")).containsExactly("slow");
        assertThat(quarantine.trials(now)).isEqualTo(Trials.LONG);
        assertThat(quarantine.enterUntried(task("new"), now)).isTrue();

        await("quick", QUICK);
        assertThat(letIn(ofSeconds(2), "quick")).isEmpty();
        assertThat(letIn(ofMillis(2_500), "quick")).isEmpty();
        assertThat(letIn(ofMillis(500), "quick")).as("after five seconds").containsExactly("quick");
        assertThat(quarantine.placeOfRunning(task("slow"), now)).isEqualTo(Place.TOGETHER);
    }

    /** Or the last of them would wait for a minute. */
    @Test
    void triesAsManyAtOnceAsNeedBe() {
        var ids = List.of("a", "b", "c", "d", "e", "f", "g", "h");
        ids.forEach(id -> await(id, Suspicion.RUNNING));

        assertThat(letIn(ofSeconds(1), ids.toArray(String[]::new))).containsExactlyElementsOf(ids);
        assertThat(quarantine.placeOfRunning(task("a"), now)).isEqualTo(Place.TOGETHER);
    }

    /** A commit on a disk that is busy takes seconds, and with it each pass: a suspect still waits for some of them, and not for ever. */
    @ParameterizedTest
    @ValueSource(ints = {50, 900, 1_500, 3_000, 7_000})
    void triesThemAlsoWhereAPassTakesSecondsAndOthersBeginInEach(int pass) {
        await("a", QUICK);
        await("b", QUICK);
        now = now.plusSeconds(1);

        var passes = 0;
        for (var in = new ArrayList<String>(); in.size() < 2; passes++) {
            now = now.plusMillis(pass);
            quarantine.enterUntried(task("before" + passes), now);
            ask(in, "a", "b");
            quarantine.enterUntried(task("behind" + passes), now);
            assertThat(passes).isLessThan(100);
        }

        assertThat(passes * pass).isLessThan(pass < 1_000 ? 12_000 : 12 * pass);
    }

    @Test
    void countsAsWaitingOnlyWhileNobodyElseIsOnTrial() {
        await("a", QUICK);
        letIn(ofSeconds(1), "a");
        await("b", QUICK);
        now = now.plusMillis(600);
        letIn(ofMillis(1), "b");
        now = now.plusSeconds(3);

        assertThat(quarantine.waited(task("b"), now)).isBetween(ofSeconds(3), ofMillis(3_100));
        assertThat(quarantine.longestWait(now)).isEqualTo(ofMillis(3_661));
    }

    private void await(String id, Suspicion suspicion) {
        quarantine.await(task(id), suspicion, now);
    }

    /** Each asks again and again, as they do. */
    private List<String> letIn(Duration later, String... ids) {
        now = now.plus(later);
        var in = new ArrayList<String>();
        ask(in, ids);
        now = now.plusMillis(60);
        ask(in, ids);
        return in;
    }

    private void ask(List<String> in, String... ids) {
        for (var id : ids) {
            if (!in.contains(id) && quarantine.enter(task(id), now)) {
                in.add(id);
            }
        }
    }

    private static AcceptedTask task(String id) {
        var origin = new SourceRecord("default", "t", 0, 7, Instant.EPOCH, null, new byte[0], new RecordHeaders());
        return AcceptedTask.first(origin, Task.named("a").id(id).build(), Instant.EPOCH);
    }
}
