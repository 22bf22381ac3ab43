/** Deleting what is too old: lines of the history, and requests that ended. */
@NullMarked
package io.celeriac.schedule.retention;

import org.jspecify.annotations.NullMarked;
