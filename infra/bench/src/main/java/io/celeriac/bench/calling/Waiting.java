package io.celeriac.bench.calling;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for what others do. */
final class Waiting {

    private Waiting() {}

    static <T> T forIt(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
