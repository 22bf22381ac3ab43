package io.celeriac.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentIdsTest {

    private static final long WINDOW = 600_000;

    private final RecentIds recent = new RecentIds(WINDOW);

    @Test
    void remembersForTheWindowAndAtMostATenthLonger() {
        for (long finished = 0; finished < 120_000; finished += 7_001) {
            var ids = new RecentIds(WINDOW);
            ids.add("a", finished);
            ids.expire(finished + WINDOW);
            assertThat(ids.contains("a")).as("at the end of the window").isTrue();
            ids.expire(finished + WINDOW + WINDOW / 10 + 1);
            assertThat(ids.contains("a")).as("a tenth later").isFalse();
        }
    }

    @Test
    void tellsUuidsFromIdsThatOnlyLookLikeOne() {
        var uuid = UUID.randomUUID().toString();
        recent.add(uuid, 0);
        recent.add("0197f1d2-7a2b-7c3d-9e4f-0123456789xx", 0);

        assertThat(recent.contains(uuid)).isTrue();
        assertThat(recent.contains(uuid.toUpperCase(java.util.Locale.ROOT))).isFalse();
        assertThat(recent.contains("0197f1d2-7a2b-7c3d-9e4f-0123456789xx")).isTrue();
        assertThat(recent.contains("0197f1d2-7a2b-7c3d-9e4f-0123456789xy")).isFalse();
    }

    @Test
    void comesBackFromItsBlocksAndForgetsThemWithTheSlice() {
        var log = new ArrayList<RecentIds.Block>();
        for (int i = 0; i < 100; i++) {
            recent.add("a" + i, i * 1_000L);
            if (i % 10 == 9) {
                log.addAll(recent.takeUnlogged());
            }
        }
        assertThat(log).hasSize(10);
        assertThat(recent.takeUnlogged()).isEmpty();

        var back = new RecentIds(WINDOW);
        log.forEach(block -> back.restore(block.key(), block.value()));
        for (int i = 0; i < 100; i++) {
            assertThat(back.contains("a" + i)).isTrue();
        }

        back.expire(10 * WINDOW);
        assertThat(back.isEmpty()).isTrue();
        assertThat(back.takeUnlogged())
                .allSatisfy(block -> assertThat(block.value()).isNull())
                .extracting(block -> List.of(java.nio.ByteBuffer.wrap(block.key())))
                .containsExactlyInAnyOrderElementsOf(log.stream()
                        .map(block -> List.of(java.nio.ByteBuffer.wrap(block.key())))
                        .toList());
    }

    @Test
    void forgetsWhatAnotherWindowRememberedBefore() {
        var shorter = new RecentIds(60_000);
        shorter.add("old", 1_790_000_000_000L);
        shorter.takeUnlogged().forEach(block -> recent.restore(block.key(), block.value()));
        recent.add("new", 1_790_000_000_000L);

        recent.expire(1_790_000_000_000L + 2 * WINDOW);

        assertThat(recent.contains("old")).isFalse();
        assertThat(recent.contains("new")).isFalse();
    }

    /** One commit may come after the turn of a slice: each id must be forgotten with its own. */
    @Test
    void logsEachIdUnderItsOwnSlice() {
        recent.add("x", 59_999);
        recent.add("y", 60_001);
        var back = new RecentIds(WINDOW);
        recent.takeUnlogged().forEach(block -> back.restore(block.key(), block.value()));

        back.expire(WINDOW + 60_000);

        assertThat(back.contains("x")).isFalse();
        assertThat(back.contains("y")).isTrue();
        assertThat(back.containsSince("y", 120_000)).isFalse();
        assertThat(back.containsSince("y", 119_999)).isTrue();
    }

    @Test
    void remembersNothingWithoutAWindow() {
        var none = new RecentIds(0);
        none.add("a", 0);
        none.expire(1);

        assertThat(none.contains("a")).isFalse();
        assertThat(none.hasUnlogged()).isFalse();
    }
}
