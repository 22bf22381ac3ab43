/** What a scheduler has to fire next, of schedules and of requests. */
@NullMarked
package io.celeriac.schedule.due;

import org.jspecify.annotations.NullMarked;
