/** The other half of the cycle. */
@NullMarked
package io.celeriac.badhouse.second;

import org.jspecify.annotations.NullMarked;
