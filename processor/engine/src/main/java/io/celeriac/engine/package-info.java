/**
 * What a service embeds to become a worker. Put {@link io.celeriac.engine.TaskHandler} on a method of a Spring bean, and
 * the tasks of that name run there.
 *
 * <p>The way of a task: {@code stream} takes it from its partition, parks it until it is due, and hands it to
 * {@code attempt}, which runs the handler found by {@code handler} on a thread of its own and reports back; {@code stream}
 * then publishes the outcome. {@code worker} starts and stops all of it. User code never runs on a stream thread.
 */
@NullMarked
package io.celeriac.engine;

import org.jspecify.annotations.NullMarked;
