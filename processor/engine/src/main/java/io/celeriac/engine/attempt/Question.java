package io.celeriac.engine.attempt;

import io.celeriac.engine.Explanation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where a task is. Asked of every partition of a worker.
 *
 * @param id the task's
 * @param answer completed on a stream thread; empty when the partition has no such task. Never, when it goes away meanwhile
 */
public record Question(String id, CompletableFuture<Optional<Explanation>> answer) {}
