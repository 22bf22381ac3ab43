/**
 * Bounds of every resource that requests take: threads, connections, those who wait, open streams, the bytes of bodies and
 * the questions to the database. Past it, a request is answered 503 with {@code Retry-After} at once.
 */
@NullMarked
package io.celeriac.web.load;

import org.jspecify.annotations.NullMarked;
