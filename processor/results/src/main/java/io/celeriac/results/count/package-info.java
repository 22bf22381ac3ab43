/**
 * Counters of what was submitted and what ended, by minute or hour, queue, task and state, with histograms of run and wait times.
 * Failed tasks are counted by the kind of their error, too.
 *
 * <p>The materializer writes them in the transaction of the rows: a row of {@code task_result} counts once its task has ended, and a row
 * that another replaces no longer counts. A submission counts when its row is created. So the counters always are what the rows add up to, apart from rows that retention deleted.
 */
@NullMarked
package io.celeriac.results.count;

import org.jspecify.annotations.NullMarked;
