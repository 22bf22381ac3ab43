/**
 * Running a task once, away from the stream thread. {@link io.celeriac.engine.attempt.Dispatcher} decides which attempt
 * runs next, {@link io.celeriac.engine.attempt.AttemptRunner} runs it, and its {@link io.celeriac.engine.outcome.AttemptOutcome}s
 * wait in the {@link io.celeriac.engine.attempt.AttemptQueue} of its partition for the stream thread.
 *
 * <p>The records of an outcome are written on the attempt's thread, by {@link io.celeriac.engine.outcome.OutcomeRecords}. Under
 * at-least-once they are also published there; otherwise the stream thread passes the bytes on.
 */
@NullMarked
package io.celeriac.engine.attempt;

import org.jspecify.annotations.NullMarked;
