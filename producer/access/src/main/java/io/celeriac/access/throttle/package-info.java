/** Delays after failed attempts to sign in. */
@NullMarked
package io.celeriac.access.throttle;

import org.jspecify.annotations.NullMarked;
