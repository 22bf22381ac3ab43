/**
 * When something fires: pure functions from one instant to the next, without a clock, a store or a task.
 *
 * <p>{@link io.celeriac.schedule.rule.ScheduleRule} is what a person writes down, one record for each kind, and
 * {@link io.celeriac.schedule.rule.Timetable} the instants that follow from it. A new kind is a new record here and a case in
 * {@link io.celeriac.schedule.rule.ScheduleRule#read}; nothing else knows the kinds.
 */
@NullMarked
package io.celeriac.schedule.rule;

import org.jspecify.annotations.NullMarked;
