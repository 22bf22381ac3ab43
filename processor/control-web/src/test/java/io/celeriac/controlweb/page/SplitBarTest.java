package io.celeriac.controlweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitBarTest {

    @Test
    void isToScaleAndFillsTheBar() {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("limit", 300L);
        counts.put("eta", 100L);
        var parts = SplitBar.of(counts);
        assertThat(parts).extracting(SplitBar.Part::name).containsExactly("limit", "eta");
        assertThat(parts.get(0).x()).isZero();
        assertThat(parts.get(0).width()).isBetween(730.0, 760.0);
        assertThat(end(parts.get(1))).isBetween(999.9, 1_000.1);
    }

    @Test
    void showsAFewBesideVeryMany() {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("unread", 10_000_000L);
        counts.put("handler", 1L);
        var parts = SplitBar.of(counts);
        assertThat(parts.get(1).width()).isGreaterThanOrEqualTo(8);
        assertThat(parts.get(1).x()).isGreaterThan(end(parts.get(0)));
        assertThat(end(parts.get(1))).isLessThanOrEqualTo(1_000.1);
    }

    @Test
    void leavesOutWhatCountsNothing() {
        assertThat(SplitBar.of(Map.of("eta", 0L))).isEmpty();
        assertThat(SplitBar.of(Map.of())).isEmpty();
    }

    private static double end(SplitBar.Part part) {
        return part.x() + part.width();
    }
}
