/**
 * Firings that a person asks for: one now, or those of a range in the past. Owns the table {@code schedule_firing_request}.
 *
 * <p>{@link io.celeriac.schedule.backfill.FiringRequests} stores what is asked for. {@link
 * io.celeriac.schedule.backfill.FiringRequestClaimer} carries it out in a scheduler.
 */
@NullMarked
package io.celeriac.schedule.backfill;

import org.jspecify.annotations.NullMarked;
