/** Retries of tasks that have ended: a new task with the arguments of the old one, changed or not. */
@NullMarked
package io.celeriac.resultsweb.retry;

import org.jspecify.annotations.NullMarked;
