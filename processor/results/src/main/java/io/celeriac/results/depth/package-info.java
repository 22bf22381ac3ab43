/** How full the queues were, by the minute. Gateways write it once a minute; nothing can bring it back when it is lost. */
@NullMarked
package io.celeriac.results.depth;

import org.jspecify.annotations.NullMarked;
