/** Half of a cycle. */
@NullMarked
package io.celeriac.badhouse.first;

import org.jspecify.annotations.NullMarked;
