package io.celeriac.engine;

import io.celeriac.contract.TaskState;
import io.celeriac.engine.Explanation.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Counts what happens to the tasks of one queue. Safe for use by several threads. */
public final class EngineMetrics {

    private final Counter accepted;
    private final Counter duplicates;
    private final Counter unreadable;
    private final Counter retries;
    private final Counter pauses;
    private final Counter parked;
    private final Map<Stage, Counter> held;
    private final Map<TaskState, Counter> finished;

    public EngineMetrics(MeterRegistry registry, String queue) {
        var tags = Tags.of("queue", queue);
        accepted = registry.counter("celeriac.tasks.accepted", tags);
        duplicates = registry.counter("celeriac.tasks.duplicate", tags);
        unreadable = registry.counter("celeriac.tasks.unreadable", tags);
        retries = registry.counter("celeriac.tasks.retried", tags);
        pauses = registry.counter("celeriac.partitions.paused", tags);
        parked = registry.counter("celeriac.tasks.parked", tags);
        held = EnumSet.of(Stage.TURN, Stage.HANDLER_LIMIT, Stage.HANDLER, Stage.CAUTION).stream()
                .collect(Collectors.toMap(
                        stage -> stage,
                        stage -> registry.counter(
                                "celeriac.tasks.held",
                                tags.and("for", stage.name().toLowerCase(Locale.ROOT))),
                        (one, other) -> one,
                        () -> new EnumMap<>(Stage.class)));
        finished = Arrays.stream(TaskState.values())
                .filter(TaskState::isFinal)
                .collect(Collectors.toMap(
                        state -> state,
                        state -> registry.counter(
                                "celeriac.tasks.finished",
                                tags.and("state", state.name().toLowerCase(Locale.ROOT))),
                        (one, other) -> one,
                        () -> new EnumMap<>(TaskState.class)));
    }

    /** A task was taken on. */
    public void accepted() {
        accepted.increment();
    }

    /** A record was dropped whose id is unfinished or lately finished. */
    public void duplicate() {
        duplicates.increment();
    }

    /** A record was no task. */
    public void unreadable() {
        unreadable.increment();
    }

    /** An attempt failed, and another will follow. */
    public void retried() {
        retries.increment();
    }

    /** A task has to wait for its eta. */
    public void parked() {
        parked.increment();
    }

    /** A task that is due may not begin yet. */
    public void held(Stage why) {
        Objects.requireNonNull(held.get(why), () -> "nothing that is due is held for " + why)
                .increment();
    }

    /** A partition had enough tasks for the moment. */
    public void paused() {
        pauses.increment();
    }

    /** A task has come to its end. */
    public void finished(TaskState state) {
        var counter = finished.get(state);
        if (counter == null) {
            throw new IllegalArgumentException(state + " is not final");
        }
        counter.increment();
    }
}
