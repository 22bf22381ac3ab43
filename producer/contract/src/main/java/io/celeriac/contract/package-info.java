/**
 * The wire: what crosses a topic, and nothing else.
 *
 * <p>{@link io.celeriac.contract.task.Task} is asked for, {@link io.celeriac.contract.result.TaskResult} is what came of it, and
 * {@link io.celeriac.contract.TaskJson} reads and writes both. A type belongs here when it crosses a topic, two modules
 * use it, and it is a record, an enum, a topic or a serde. It depends on the JDK, kafka-clients and Jackson.
 */
@NullMarked
package io.celeriac.contract;

import org.jspecify.annotations.NullMarked;
