/**
 * The runnable scheduler, which turns due schedules into tasks. Any number may run at once, without a leader.
 *
 * <p>{@link io.celeriac.beat.Beat} is the loop. It sleeps until something is due, claims it from {@link
 * io.celeriac.schedule.due.DueFirings}, and has the {@link io.celeriac.beat.Emitter} send the tasks. {@link
 * io.celeriac.schedule.firing.Claimer} explains the order of sending and storing. {@link io.celeriac.beat.BeatApplication} puts them
 * together.
 */
@NullMarked
package io.celeriac.beat;

import org.jspecify.annotations.NullMarked;
