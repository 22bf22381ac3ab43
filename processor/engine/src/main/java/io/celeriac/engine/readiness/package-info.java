/**
 * The one answer to the question why a task does not run yet.
 *
 * <p>{@link io.celeriac.engine.readiness.Readiness} is an ordered list of {@linkplain io.celeriac.engine.readiness.Gate gates}, each a reason. A
 * task that starts passes them in order; withdrawing and explaining ask the same list. A new reason is a new gate, and a line in {@code
 * PartitionGates}, where the list is made.
 */
@NullMarked
package io.celeriac.engine.readiness;

import org.jspecify.annotations.NullMarked;
