/**
 * Schedules over HTTP: create, read, change, pause, resume, delete, their history, and what a rule comes to before it is
 * stored. {@link io.celeriac.schedule.ScheduleJson} is their shape; what they mean is in
 * {@code io.celeriac.schedule}.
 */
@NullMarked
package io.celeriac.scheduleweb;

import org.jspecify.annotations.NullMarked;
