/** The table of endpoints and the authorities that they need, and its enforcement. */
@NullMarked
package io.celeriac.access.rule;

import org.jspecify.annotations.NullMarked;
