/**
 * Writes results to the database.
 *
 * <p>{@link io.celeriac.results.materializer.Materializer} reads polls of a topic and writes each in one transaction, together with the
 * offsets that it reached.
 */
@NullMarked
package io.celeriac.results.materializer;

import org.jspecify.annotations.NullMarked;
