/** What modules tell each other of queues. */
@NullMarked
package io.celeriac.web.queue;

import org.jspecify.annotations.NullMarked;
