package io.celeriac.schedule.history;

import java.time.Instant;

/**
 * A firing whose task may not have ended.
 *
 * @param scheduleId of its schedule
 * @param taskId of its task
 * @param emittedAt when its task was emitted
 */
public record UnfinishedFiring(String scheduleId, String taskId, Instant emittedAt) {}
