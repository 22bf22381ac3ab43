/**
 * The library that a service embeds to become a worker. Put {@link io.celeriac.engine.TaskHandler} on a method of a Spring bean,
 * and the tasks of that name run there.
 *
 * <p>The path of a task: {@code stream} reads it from its partition, {@code readiness} keeps it until it may run, {@code attempt} runs
 * its handler on a thread of its own, and {@code stream} publishes the {@code outcome}. {@code worker} starts and stops all of it. User
 * code never runs on a stream thread.
 */
@NullMarked
package io.celeriac.engine;

import org.jspecify.annotations.NullMarked;
