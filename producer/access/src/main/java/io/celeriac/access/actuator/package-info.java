/** Access to {@code /actuator} of the programs that have no REST calls: worker and scheduler. */
@NullMarked
package io.celeriac.access.actuator;

import org.jspecify.annotations.NullMarked;
