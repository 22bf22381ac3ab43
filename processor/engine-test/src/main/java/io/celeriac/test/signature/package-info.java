/** Whether the handlers of a worker take what the interfaces of its callers send. */
@NullMarked
package io.celeriac.test.signature;

import org.jspecify.annotations.NullMarked;
