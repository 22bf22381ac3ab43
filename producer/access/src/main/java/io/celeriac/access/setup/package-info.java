/** The first administrator. */
@NullMarked
package io.celeriac.access.setup;

import org.jspecify.annotations.NullMarked;
