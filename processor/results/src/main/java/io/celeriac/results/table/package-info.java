/** The tables {@code task_*} and their migrations. */
@NullMarked
package io.celeriac.results.table;

import org.jspecify.annotations.NullMarked;
