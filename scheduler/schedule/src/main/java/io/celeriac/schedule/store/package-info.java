/**
 * The schedules as people read and change them: the tables {@code schedule} and {@code schedule_label}.
 *
 * <p>{@link io.celeriac.schedule.store.Schedules} is the way in.
 */
@NullMarked
package io.celeriac.schedule.store;

import org.jspecify.annotations.NullMarked;
