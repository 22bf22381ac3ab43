/**
 * Threads that go on, whatever happens, and that somebody notices when they cannot.
 *
 * <p>Each {@link io.celeriac.beat.loop.Loop} of the program is made by {@link io.celeriac.beat.loop.Loops}, which the health asks.
 */
@NullMarked
package io.celeriac.beat.loop;

import org.jspecify.annotations.NullMarked;
