/**
 * Firing what is due: planning it, and claiming it so that any number of schedulers may run.
 *
 * <p>{@link io.celeriac.schedule.firing.FiringPlanner} decides, as a pure function. {@link io.celeriac.schedule.firing.Claimer} locks the
 * due schedules, has their tasks sent, and moves them on.
 */
@NullMarked
package io.celeriac.schedule.firing;

import org.jspecify.annotations.NullMarked;
