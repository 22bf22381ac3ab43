/**
 * The commands to workers: the control topic, and the revocations that came over it.
 *
 * <p>A revocation goes two ways. {@link io.celeriac.engine.control.ControlReader} adds the id to {@link
 * io.celeriac.engine.control.RevokedTasks}, which stops a task that comes later. And the dispatcher tells the attempt queue of each
 * partition, where {@code PartitionTasks.revokeUnlessBegun} ends a task that waits.
 */
@NullMarked
package io.celeriac.engine.control;

import org.jspecify.annotations.NullMarked;
