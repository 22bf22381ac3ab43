/**
 * The outcome of an attempt, and the records that tell of it.
 *
 * <p>{@link io.celeriac.engine.outcome.OutcomeRecords} writes results, next steps and dead letters, without their secrets. Its methods are
 * pure. Stream threads and attempt threads call them.
 */
@NullMarked
package io.celeriac.engine.outcome;

import org.jspecify.annotations.NullMarked;
