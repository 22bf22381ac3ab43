/**
 * Schedules in code: {@link io.celeriac.engine.PeriodicTask} annotations become one declaration, which goes over the control topic
 * to whichever schedulers there are.
 */
@NullMarked
package io.celeriac.engine.periodic;

import org.jspecify.annotations.NullMarked;
