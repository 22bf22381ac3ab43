package io.celeriac.client.result;

import io.celeriac.contract.result.TaskResult;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Results that are kept in memory, for tests. Listeners run on the thread that adds a result. Safe for use by several threads.
 */
public final class MemoryResults implements ResultSource {

    private final Map<String, ResultWatch> watches = new ConcurrentHashMap<>();

    /** Adds a result, unless a newer one of its task is known. */
    public void add(TaskResult result) {
        watches.computeIfAbsent(result.id(), MemoryResults::caughtUp).offer(result);
    }

    /** The newest result of a task; empty if none was added. */
    public Optional<TaskResult> latest(String id) {
        return Optional.ofNullable(watches.get(id)).flatMap(ResultWatch::latest);
    }

    @Override
    public ResultWatch watch(String id, Since since) {
        return watches.computeIfAbsent(id, MemoryResults::caughtUp);
    }

    private static ResultWatch caughtUp(String id) {
        var watch = new ResultWatch(id, Runnable::run);
        watch.caughtUp().complete(null);
        return watch;
    }

    /** Does nothing: results are kept until {@link #clear}. */
    @Override
    public void release(ResultWatch watch) {}

    /** Forgets all results. Who still waits gets none. */
    public void clear() {
        watches.clear();
    }

    @Override
    public OptionalLong place(String id) {
        return OptionalLong.empty();
    }

    @Override
    public Duration answerTimeout() {
        return Duration.ZERO;
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }
}
