/**
 * What people tell the workers while they run: commands over the control topic, and live settings over the settings topic.
 *
 * <p>A revocation goes two ways. {@link io.celeriac.engine.control.ControlReader} adds the id to {@link
 * io.celeriac.engine.control.RevokedTasks}, which stops a task that comes later. And the dispatcher tells the attempt queue of each
 * partition, where {@code PartitionTasks.revokeUnlessBegun} ends a task that waits. A purge goes the same two ways: its fence is kept, and
 * {@code PurgeSweep} ends the tasks that wait before the fence.
 *
 * <p>{@link io.celeriac.engine.control.SettingsReader} puts settings into {@link io.celeriac.engine.control.LiveSettings}, which the
 * dispatcher asks each time an attempt may begin.
 */
@NullMarked
package io.celeriac.engine.control;

import org.jspecify.annotations.NullMarked;
