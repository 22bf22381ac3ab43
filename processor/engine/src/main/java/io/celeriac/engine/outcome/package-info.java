/**
 * The outcome of an attempt, and its records.
 *
 * <p>{@link io.celeriac.engine.outcome.OutcomeRecords} writes results, next steps and dead letters, without their secrets. Its methods are
 * pure. Stream threads and attempt threads call them.
 */
@NullMarked
package io.celeriac.engine.outcome;

import org.jspecify.annotations.NullMarked;
