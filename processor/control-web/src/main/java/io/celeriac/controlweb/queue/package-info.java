/** The REST calls of queues: their numbers, pause, purge and scale. */
@NullMarked
package io.celeriac.controlweb.queue;

import org.jspecify.annotations.NullMarked;
