/** The code that runs a task, the binding of its arguments, and the retries after a failure. */
@NullMarked
package io.celeriac.engine.handler;

import org.jspecify.annotations.NullMarked;
