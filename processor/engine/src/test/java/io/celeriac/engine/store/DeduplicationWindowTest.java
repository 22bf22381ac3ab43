package io.celeriac.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeduplicationWindowTest {

    private static final long WINDOW = 600_000;
    private static final long SLICE = WINDOW / 5;
    private static final int MOST = 1_000;
    private static final long TERM = 7;

    private final DeduplicationWindow recent = new DeduplicationWindow(WINDOW, MOST);

    @Test
    void remembersForTheWindowAndAtMostAFifthLonger() {
        for (long finished = 0; finished < 2 * SLICE; finished += 7_001) {
            var ids = new DeduplicationWindow(WINDOW, MOST);
            ids.add("a", finished, 0);
            ids.expire(finished + WINDOW);
            assertThat(ids.contains("a")).as("at the end of the window").isTrue();
            ids.expire(finished + WINDOW + SLICE + 1);
            assertThat(ids.contains("a")).as("a fifth later").isFalse();
        }
    }

    @Test
    void tellsUuidsFromIdsThatOnlyLookLikeOne() {
        var uuid = UUID.randomUUID().toString();
        recent.add(uuid, 0, 0);
        recent.add("0197f1d2-7a2b-7c3d-9e4f-0123456789xx", 0, 0);

        assertThat(recent.contains(uuid)).isTrue();
        assertThat(recent.contains(uuid.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(recent.contains("0197f1d2-7a2b-7c3d-9e4f-0123456789xx")).isTrue();
        assertThat(recent.contains("0197f1d2-7a2b-7c3d-9e4f-0123456789xy")).isFalse();
    }

    @Test
    void comesBackFromItsBlocksAndForgetsThemWithTheSlice() {
        var log = new ArrayList<DeduplicationWindow.Block>();
        for (int i = 0; i < 100; i++) {
            recent.add("a" + i, i * 1_000L, 0);
            if (i % 10 == 9) {
                log.addAll(recent.takeUnlogged(TERM));
            }
        }
        assertThat(log).hasSize(10);
        assertThat(recent.takeUnlogged(TERM)).isEmpty();

        var back = new DeduplicationWindow(WINDOW, MOST);
        log.forEach(block -> restore(back, block));
        for (int i = 0; i < 100; i++) {
            assertThat(back.contains("a" + i)).isTrue();
        }

        back.expire(10 * WINDOW);
        assertThat(back.isEmpty()).isTrue();
        assertThat(back.takeUnlogged(TERM + 1))
                .allSatisfy(block -> assertThat(block.value()).isNull())
                .extracting(DeduplicationWindow.Block::key)
                .containsExactlyInAnyOrderElementsOf(
                        log.stream().map(DeduplicationWindow.Block::key).toList());
    }

    /** The former owner of a partition may write on, see {@link Term}. */
    @Test
    void writesOverNoBlockOfAnotherOwner() {
        recent.add("mine", 0, 0);
        var other = new DeduplicationWindow(WINDOW, MOST);
        other.add("others", 0, 0);

        assertThat(recent.takeUnlogged(TERM).get(0).key())
                .isNotEqualTo(other.takeUnlogged(TERM - 1).get(0).key());
    }

    @Test
    void forgetsWhatAnotherWindowRememberedBefore() {
        var shorter = new DeduplicationWindow(60_000, MOST);
        shorter.add("old", 1_790_000_000_000L, 0);
        shorter.takeUnlogged(TERM).forEach(block -> restore(recent, block));
        recent.add("new", 1_790_000_000_000L, 0);

        recent.expire(1_790_000_000_000L + 2 * WINDOW);

        assertThat(recent.contains("old")).isFalse();
        assertThat(recent.contains("new")).isFalse();
    }

    /** One commit may come after the turn of a slice: each id must be forgotten with its own. */
    @Test
    void logsEachIdUnderItsOwnSlice() {
        recent.add("x", SLICE - 1, 1_000);
        recent.add("y", SLICE + 1, 2_000);
        var back = new DeduplicationWindow(WINDOW, MOST);
        recent.takeUnlogged(TERM).forEach(block -> restore(back, block));

        back.expire(WINDOW + SLICE);

        assertThat(back.contains("x")).isFalse();
        assertThat(back.contains("y")).isTrue();
        assertThat(back.containsSince("y", 2_001)).isFalse();
        assertThat(back.containsSince("y", 2_000)).isTrue();
    }

    @Test
    void remembersNothingWithoutAWindow() {
        var none = new DeduplicationWindow(0, MOST);
        none.add("a", 0, 0);
        none.expire(1);

        assertThat(none.contains("a")).isFalse();
        assertThat(none.hasUnlogged()).isFalse();
    }

    @Test
    void forgetsTheOldestBeforeTheirTimeWhenThereAreTooMany() {
        for (int i = 0; i < 3 * MOST / 2; i++) {
            recent.add("a" + i, i < MOST ? 0 : SLICE, 0);
        }

        assertThat(recent.size()).isEqualTo(MOST / 2);
        assertThat(recent.forgottenEarly()).isEqualTo(MOST);
        assertThat(recent.contains("a" + MOST)).isTrue();
        assertThat(List.of("a0", "a" + (MOST - 1))).noneMatch(recent::contains);
    }

    private static void restore(DeduplicationWindow ids, DeduplicationWindow.Block block) {
        ids.restore(LogKey.parse(block.key().get()), block.value());
    }
}
