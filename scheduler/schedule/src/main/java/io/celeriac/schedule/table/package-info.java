/** The tables {@code schedule*}: their migrations, and what their repositories share. */
@NullMarked
package io.celeriac.schedule.table;

import org.jspecify.annotations.NullMarked;
