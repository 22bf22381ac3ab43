package io.celeriac.contract.task;

import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Objects;

/**
 * The firing of a schedule that a task came from.
 *
 * @param name the schedule's name, 1 to 255 characters
 * @param fireTime the instant it was due, which is not the instant it was emitted
 */
public record Firing(String name, Instant fireTime) {

    public Firing {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(fireTime, "fireTime");
        TaskRules.schedule("name", name);
        TaskRules.instant("fireTime", fireTime);
    }
}
