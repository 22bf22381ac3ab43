/** The REST calls of limits: concurrency and rate limits that people change while workers run. */
@NullMarked
package io.celeriac.controlweb.limit;

import org.jspecify.annotations.NullMarked;
