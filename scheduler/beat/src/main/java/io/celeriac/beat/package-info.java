/**
 * The runnable scheduler: due schedules become tasks. Any number of them run at once, without a leader.
 *
 * <p>{@link io.celeriac.beat.Beat} is the loop: it sleeps until a schedule is due, claims what is due from
 * {@link io.celeriac.schedule.firing.Claimer}, where the order of sending and storing is told, and has the
 * {@link io.celeriac.beat.Emitter} send the tasks. {@link io.celeriac.beat.BeatApplication} puts them together.
 */
@NullMarked
package io.celeriac.beat;

import org.jspecify.annotations.NullMarked;
