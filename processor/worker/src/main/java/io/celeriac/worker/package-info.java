/** The runnable worker: the engine, the materializer, and the demo tasks. */
@NullMarked
package io.celeriac.worker;

import org.jspecify.annotations.NullMarked;
