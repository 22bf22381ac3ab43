/**
 * Reads tasks, attempts and counts from the tables, through {@link io.celeriac.results.query.TaskResultRepository}.
 */
@NullMarked
package io.celeriac.results.query;

import org.jspecify.annotations.NullMarked;
