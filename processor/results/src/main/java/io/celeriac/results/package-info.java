/**
 * Results in the database: the results topic is written to the tables {@code task_*} by the {@link
 * io.celeriac.results.materializer.Materializer}, and asked of them through the {@link io.celeriac.results.query.TaskResultRepository}.
 *
 * <p>A program imports {@link io.celeriac.results.materializer.MaterializerConfiguration} to write, or {@link
 * io.celeriac.results.query.ResultQueryConfiguration} to read. Either brings the tables up to date: who reads waits for them at its
 * start, who writes does so as soon as the database is there. The topic is the truth: a row is never ahead of it, and follows it again by
 * itself after the database was away.
 */
@NullMarked
package io.celeriac.results;

import org.jspecify.annotations.NullMarked;
