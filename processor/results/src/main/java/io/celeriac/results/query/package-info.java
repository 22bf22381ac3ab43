/**
 * Asking the tables for tasks, attempts and counts, through {@link io.celeriac.results.query.TaskResultRepository}.
 */
@NullMarked
package io.celeriac.results.query;

import org.jspecify.annotations.NullMarked;
