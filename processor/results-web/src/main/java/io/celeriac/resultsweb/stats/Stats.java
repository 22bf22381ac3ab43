package io.celeriac.resultsweb.stats;

import io.celeriac.results.count.CountQuery;
import io.celeriac.results.count.CountedTasks;
import io.celeriac.results.count.EndedTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What was submitted and what ended in a span of time.
 *
 * @param from begin of the first step
 * @param to end of the last step
 * @param step length of a step
 * @param total of the whole span
 * @param steps the earliest first, also those in which nothing ended
 * @param queues those with the most tasks first, at most 100
 * @param tasks by name, those with the most first, at most 100
 */
public record Stats(
        Instant from,
        Instant to,
        Duration step,
        EndedTasks total,
        List<Step> steps,
        List<CountedTasks.Group> queues,
        List<CountedTasks.Group> tasks) {

    /**
     * @param at its begin
     */
    public record Step(Instant at, EndedTasks ended) {}

    static Stats of(CountQuery query, CountedTasks counted) {
        var steps = new ArrayList<Step>();
        var at = query.from();
        for (var ended : counted.steps()) {
            steps.add(new Step(at, ended));
            at = at.plus(query.step());
        }
        return new Stats(
                query.from(), query.to(), query.step(), counted.total(), steps, counted.queues(), counted.tasks());
    }
}
