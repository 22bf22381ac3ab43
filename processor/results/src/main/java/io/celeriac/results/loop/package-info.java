/** The state of the loops of this module, so that none stops unnoticed. */
@NullMarked
package io.celeriac.results.loop;

import org.jspecify.annotations.NullMarked;
