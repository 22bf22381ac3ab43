/**
 * Threads that continue after any failure, and that the health check watches.
 *
 * <p>{@link io.celeriac.beat.loop.Loops} makes each {@link io.celeriac.beat.loop.Loop} of the program.
 */
@NullMarked
package io.celeriac.beat.loop;

import org.jspecify.annotations.NullMarked;
