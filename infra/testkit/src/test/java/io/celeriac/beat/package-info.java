/** Stands in for the module beat. */
@NullMarked
package io.celeriac.beat;

import org.jspecify.annotations.NullMarked;
