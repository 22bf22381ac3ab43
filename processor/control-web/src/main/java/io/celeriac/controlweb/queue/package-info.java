/**
 * The REST calls of queues: their numbers, pause, purge and scale.
 *
 * <p>A call that waits without a thread reads its body even if it needs none: Tomcat closes the connection of a request that goes on
 * asynchronously with an unread body.
 */
@NullMarked
package io.celeriac.controlweb.queue;

import org.jspecify.annotations.NullMarked;
