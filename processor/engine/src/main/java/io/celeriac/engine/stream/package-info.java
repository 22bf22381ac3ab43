/**
 * The topology: one processor per partition that admits, parks, starts and settles tasks. Everything here runs on stream threads, which
 * never wait for a task, the network or a database.
 *
 * <p>{@link io.celeriac.engine.stream.PartitionTasks} shows the flow. {@link io.celeriac.engine.store.UnfinishedTasks} explains why
 * nothing is lost, and {@link io.celeriac.engine.consumer.ConsumerGate} why nothing waits.
 */
@NullMarked
package io.celeriac.engine.stream;

import org.jspecify.annotations.NullMarked;
