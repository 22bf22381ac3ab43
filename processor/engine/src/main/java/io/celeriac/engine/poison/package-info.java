/**
 * Finding the task that kills its process.
 *
 * <p>{@link io.celeriac.engine.poison.PoisonPillGuard} decides for a partition which tasks may run beside others. {@link
 * io.celeriac.engine.poison.Quarantine} runs the suspects of a process one after the other.
 */
@NullMarked
package io.celeriac.engine.poison;

import org.jspecify.annotations.NullMarked;
