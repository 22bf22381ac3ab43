/** Threads that repeat their work for as long as the program runs, and the health check that watches them. */
@NullMarked
package io.celeriac.web.loop;

import org.jspecify.annotations.NullMarked;
