package io.celeriac.test;

import io.celeriac.client.result.MemoryResults;
import io.celeriac.client.result.ResultSource;
import io.celeriac.client.result.ResultWatch;
import io.celeriac.client.result.Since;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The results of a sandbox.
 *
 * @param memory has the results
 * @param beforeWatch runs before somebody looks for a result, which it may bring about
 */
record SandboxResults(MemoryResults memory, Consumer<ResultWatch> beforeWatch) implements ResultSource {

    @Override
    public ResultWatch watch(String id, Since since) {
        var watch = memory.watch(id, since);
        beforeWatch.accept(watch);
        return watch;
    }

    @Override
    public void release(ResultWatch watch) {
        memory.release(watch);
    }

    @Override
    public OptionalLong place(String id) {
        return memory.place(id);
    }

    @Override
    public Duration answerTimeout() {
        return memory.answerTimeout();
    }

    @Override
    public Optional<String> failure() {
        return memory.failure();
    }
}
