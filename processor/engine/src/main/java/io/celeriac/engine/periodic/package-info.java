/**
 * Schedules in code. {@link io.celeriac.engine.PeriodicTask} annotations become one declaration, which the control topic carries to
 * the schedulers.
 */
@NullMarked
package io.celeriac.engine.periodic;

import org.jspecify.annotations.NullMarked;
