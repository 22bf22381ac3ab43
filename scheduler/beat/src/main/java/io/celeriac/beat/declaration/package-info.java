/** Schedules in code: what applications declare on the control topic, applied to the table of schedules. */
@NullMarked
package io.celeriac.beat.declaration;

import org.jspecify.annotations.NullMarked;
