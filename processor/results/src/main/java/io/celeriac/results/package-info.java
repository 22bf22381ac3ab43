/**
 * Results in the database. The {@link io.celeriac.results.materializer.Materializer} writes the results topic to the tables {@code
 * task_*}, and the {@link io.celeriac.results.query.TaskResultRepository} reads them.
 *
 * <p>A program imports {@link io.celeriac.results.materializer.MaterializerConfiguration} to write, or {@link
 * io.celeriac.results.query.ResultQueryConfiguration} to read. Both bring the tables up to date: a reader waits for them at its start, a
 * writer migrates them as soon as the database is there. The topic is the source of truth: a row is never ahead of it, and catches up by
 * itself after an outage of the database.
 */
@NullMarked
package io.celeriac.results;

import org.jspecify.annotations.NullMarked;
