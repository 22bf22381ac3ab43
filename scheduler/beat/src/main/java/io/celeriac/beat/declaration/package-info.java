/** Reads from the control topic the schedules that applications declare. */
@NullMarked
package io.celeriac.beat.declaration;

import org.jspecify.annotations.NullMarked;
