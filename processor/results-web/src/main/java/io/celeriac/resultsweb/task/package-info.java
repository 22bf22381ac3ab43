/**
 * Tasks over HTTP: one by its id, lists, counts, failures, and the wait for a result.
 *
 * The database answers. While a call waits, the results topic answers it as soon as the result is there.
 */
@NullMarked
package io.celeriac.resultsweb.task;

import org.jspecify.annotations.NullMarked;
