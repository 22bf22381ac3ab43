/** What is left of access control where it is off. */
@NullMarked
package io.celeriac.access.open;

import org.jspecify.annotations.NullMarked;
