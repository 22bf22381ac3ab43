package io.celeriac.scheduleweb.page;

import io.celeriac.contract.task.TaskState;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.web.page.Show;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The last firings of a schedule as small bars, the latest at the right: the higher a bar, the more it wants to be seen.
 *
 * @param bars in a box of {@value #WIDTH} by {@value #HEIGHT}
 * @param text the same in words
 */
record FiringBars(List<Bar> bars, String text) {

    /** Most bars. */
    static final int MOST = 20;

    static final int WIDTH = 100;
    static final int HEIGHT = 20;

    private static final int STEP = WIDTH / MOST;

    /** What became of a firing; the gravest last. */
    enum Look {
        /** Nobody knows, or not yet. */
        UNKNOWN(6),
        /** It was not emitted. */
        SKIP(6),
        /** It runs, or waits. */
        NOW(10),
        OK(10),
        /** Emitted later than it was due. */
        LATE(15),
        FAIL(20);

        private final int height;

        Look(int height) {
            this.height = height;
        }

        /** Its word in styles and messages. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A bar. */
    record Bar(int x, int y, int height, String look) {}

    /**
     * Draws firings.
     *
     * @param firings the latest first
     * @param states of the tasks that are known
     * @param punctual how long after its time a firing is not late yet
     */
    static FiringBars of(List<ScheduleFiring> firings, Map<String, TaskState> states, Duration punctual, Show show) {
        var looks = firings.stream()
                .limit(MOST)
                .map(firing -> look(firing, states.get(Objects.requireNonNullElse(firing.taskId(), "")), punctual))
                .toList();
        var bars = new ArrayList<Bar>();
        for (var at = looks.size() - 1; at >= 0; at--) {
            var look = looks.get(at);
            bars.add(new Bar(WIDTH - (at + 1) * STEP, HEIGHT - look.height, look.height, look.word()));
        }
        return new FiringBars(bars, text(looks, show));
    }

    private static String text(List<Look> looks, Show show) {
        var counts = Arrays.stream(Look.values())
                .sorted((one, other) -> other.compareTo(one))
                .filter(looks::contains)
                .map(look -> show.text(
                        "schedules.bars." + look.word(),
                        looks.stream().filter(one -> one == look).count()))
                .collect(Collectors.joining(show.text("schedules.bars.and")));
        return show.text("schedules.bars", looks.size(), counts);
    }

    private static Look look(ScheduleFiring firing, @Nullable TaskState state, Duration punctual) {
        if (firing.kind() == FiringKind.SKIPPED) {
            return Look.SKIP;
        }
        if (state == TaskState.FAILURE) {
            return Look.FAIL;
        }
        if (isLate(firing, punctual)) {
            return Look.LATE;
        }
        if (state == null || state == TaskState.REVOKED) {
            return Look.UNKNOWN;
        }
        return state == TaskState.SUCCESS ? Look.OK : Look.NOW;
    }

    private static boolean isLate(ScheduleFiring firing, Duration punctual) {
        return firing.kind() == FiringKind.CAUGHT_UP
                || (firing.kind() == FiringKind.TIMED
                        && firing.emittedAt().isAfter(firing.fireTime().plus(punctual)));
    }
}
