package io.celeriac.schedule.store;

import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.rule.Clocked;
import io.celeriac.schedule.store.ScheduleChange.NeverFires;
import java.util.Optional;

/** Finds the reason why a schedule would never fire. */
final class NeverFiresCheck {

    private NeverFiresCheck() {}

    /**
     * Why a schedule would never fire; empty if it fires or is paused.
     *
     * @param planned with its next firing computed
     */
    static Optional<NeverFires> of(StoredSchedule planned) {
        var progress = planned.progress();
        return !planned.schedule().enabled() || progress.nextFireAt() != null || progress.bufferedFireAt() != null
                ? Optional.empty()
                : Optional.of(why(planned));
    }

    private static NeverFires why(StoredSchedule planned) {
        var timing = planned.schedule().timing();
        if (planned.firesLeft() == 0) {
            return never("remaining", "must not be 0");
        }
        var start = timing.startAt();
        if (timing.rule() instanceof Clocked clocked
                && start != null
                && clocked.at().isBefore(start)) {
            return never("at", "must not be before startAt, but is " + clocked.at());
        }
        var end = timing.endAt();
        var first = planned.unended().next(planned.anewAfter(planned.updated().at()));
        if (end != null && first.isPresent()) {
            return never("endAt", "must not be before the next firing, at " + first.get() + ", but is " + end);
        }
        return timing.rule() instanceof Clocked clocked
                ? never("at", "must not have passed, but is " + clocked.at())
                : never(
                        timing.rule().spec().propertyNames().iterator().next(),
                        "has no instant between now, or startAt, and the end of the year 9999");
    }

    private static NeverFires never(String field, String rule) {
        return new NeverFires(field, rule + ": it would never fire, unless enabled is false as well");
    }
}
