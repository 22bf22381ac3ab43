/** All workers and live settings, as their topics tell of them, and how commands reach them. */
@NullMarked
package io.celeriac.controlweb.fleet;

import org.jspecify.annotations.NullMarked;
