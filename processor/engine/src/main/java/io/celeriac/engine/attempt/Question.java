package io.celeriac.engine.attempt;

import io.celeriac.engine.Explanation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The question where a task is, asked of every partition of a worker.
 *
 * @param id the task's
 * @param answer completed on a stream thread; empty when the partition has no such task. Never completed if the partition moves away
 */
public record Question(String id, CompletableFuture<Optional<Explanation>> answer) {}
