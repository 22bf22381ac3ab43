/**
 * Bounds of every resource that requests take: threads, connections, waiting requests, open streams, the bytes of bodies and
 * the queries to the database. Beyond a bound, a request is answered 503 with {@code Retry-After}.
 */
@NullMarked
package io.celeriac.web.load;

import org.jspecify.annotations.NullMarked;
