/**
 * A schedule: a task, a rule, and what happens to firings that were missed or that overlap.
 *
 * <p>A {@link io.celeriac.schedule.Schedule} is what a person wrote. A {@link io.celeriac.schedule.StoredSchedule} is a schedule with its
 * progress. The classes here are values, and know neither the database nor the time.
 *
 * <p>The rooms of the module, from the lowest to the highest: {@code rule}, this package, {@code table}, {@code history}, {@code store},
 * {@code firing}, {@code backfill}, {@code due}. {@code declaration} stands above {@code store}, and {@code retention} above
 * {@code backfill}.
 */
@NullMarked
package io.celeriac.schedule;

import org.jspecify.annotations.NullMarked;
