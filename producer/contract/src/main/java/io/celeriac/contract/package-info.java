/**
 * The wire: the records that cross a topic, and nothing else.
 *
 * <p>{@link io.celeriac.contract.task.Task} is the work to be done, {@link io.celeriac.contract.result.TaskResult} is its state, and
 * {@link io.celeriac.contract.TaskJson} reads and writes both. A type belongs here when it crosses a topic, two modules
 * use it, and it is a record, an enum, a topic or a serde. The module depends on the JDK, kafka-clients and Jackson.
 */
@NullMarked
package io.celeriac.contract;

import org.jspecify.annotations.NullMarked;
