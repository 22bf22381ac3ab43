/**
 * What a schedule is and where it is stored. This module owns the tables {@code schedule} and {@code schedule_firing}.
 *
 * <p>A {@link io.celeriac.schedule.Schedule} is what a person wrote: a task, a rule and what to do about missed runs.
 * {@link io.celeriac.schedule.Schedules} keeps them, for people; {@link io.celeriac.schedule.FiringRepository} hands out the
 * due ones, for schedulers, of which any number may run. {@link io.celeriac.schedule.FiringPlanner} decides in between, as a
 * pure function. An application imports {@link io.celeriac.schedule.ScheduleConfiguration}, which also brings the tables up to
 * date.
 */
@NullMarked
package io.celeriac.schedule;

import org.jspecify.annotations.NullMarked;
