/** The state of the loops of this module, so that none can stop unseen. */
@NullMarked
package io.celeriac.results.loop;

import org.jspecify.annotations.NullMarked;
