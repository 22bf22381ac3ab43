/**
 * The reasons why a task does not run yet.
 *
 * <p>{@link io.celeriac.engine.readiness.Parking} keeps tasks until they are due, {@link io.celeriac.engine.readiness.KeyOrder} in the
 * order of their key, and {@link io.celeriac.engine.readiness.HandlerLimitQueue} until their handler has room. {@link
 * io.celeriac.engine.readiness.Explainer} says which of them a task waits for.
 */
@NullMarked
package io.celeriac.engine.readiness;

import org.jspecify.annotations.NullMarked;
