/**
 * Schedules over HTTP: create, read, change, pause, resume and delete them, show their history, and preview a rule before it
 * is stored. {@link io.celeriac.schedule.ScheduleJson} defines their JSON; {@code io.celeriac.schedule} defines their meaning.
 */
@NullMarked
package io.celeriac.scheduleweb;

import org.jspecify.annotations.NullMarked;
