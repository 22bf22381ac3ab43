/** A package named for nothing. */
@NullMarked
package io.celeriac.badhouse.util;

import org.jspecify.annotations.NullMarked;
