package io.celeriac.bench.results;

import io.celeriac.bench.rows.SpreadRepository;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people ask, each time of something else. */
final class Questions {

    private static final int PAGE = 50;
    private static final int DEEP = 1_000 * PAGE;
    private static final int DRAWN = 500;
    private static final int CURSORS = 20;
    private static final int GROUPS = 100;
    private static final Duration DAY = Duration.ofHours(24);

    private final TaskResultRepository repository;
    private final SamplesRepository samples;
    private final Random random;
    private final int rows;

    /**
     * @param rows of the table, so that what is deep is not behind its end
     */
    Questions(TaskResultRepository repository, SamplesRepository samples, Random random, int rows) {
        this.repository = repository;
        this.samples = samples;
        this.random = random;
        this.rows = rows;
    }

    /** By name; each draws what it asks for when it is run. */
    Map<String, Runnable> all() {
        var ids = samples.ids(DRAWN);
        var parents = samples.parents(DRAWN);
        var cursors = samples.cursors(CURSORS, Math.min(DEEP, rows / 2));
        var all = new LinkedHashMap<String, Runnable>();
        all.put("a task by its id", () -> repository.find(one(ids)));
        all.put("first page of all", () -> list(TaskFilter.ALL, null));
        all.put("page 1,000 of all, by cursor", () -> list(TaskFilter.ALL, one(cursors)));
        all.put("state FAILURE", () -> list(filter(TaskState.FAILURE, null, null), null));
        all.put("task", () -> list(filter(null, task(), null), null));
        all.put("task and state FAILURE", () -> list(filter(TaskState.FAILURE, task(), null), null));
        all.put("queue and state FAILURE", () -> list(filter(TaskState.FAILURE, null, queue()), null));
        all.put("label", () -> list(label(), null));
        all.put("schedule", () -> list(schedule(), null));
        all.put("from and to, an hour", () -> list(time(samples.moment(), Duration.ofHours(1)), null));
        all.put("text that is found", () -> list(text("customer-" + (10 + random.nextInt(90))), null));
        all.put("text that is not found", () -> list(text("nobody-" + random.nextInt(DRAWN)), null));
        all.put("counts of 24 h", () -> {
            var from = samples.moment();
            repository.counts(from, from.plus(DAY));
        });
        all.put("failures of 24 h", () -> {
            var from = samples.moment();
            repository.failures(from, from.plus(DAY), null, GROUPS);
        });
        all.put("attempts of a task", () -> repository.attempts(one(ids)));
        all.put("children of a task", () -> repository.children(one(parents)));
        return all;
    }

    private void list(TaskFilter filter, @Nullable TaskCursor after) {
        repository.list(new TaskQuery(filter, PAGE, after));
    }

    private String task() {
        return SpreadRepository.task(random.nextDouble());
    }

    private String queue() {
        return SpreadRepository.queue(random.nextDouble());
    }

    private static TaskFilter filter(@Nullable TaskState state, @Nullable String task, @Nullable String queue) {
        return new TaskFilter(state == null ? Set.of() : Set.of(state), task, queue, null, Map.of(), null, null, null);
    }

    private TaskFilter label() {
        var tenant = "tenant-" + random.nextInt(SpreadRepository.TENANTS);
        return new TaskFilter(Set.of(), null, null, null, Map.of("tenant", tenant), null, null, null);
    }

    private TaskFilter schedule() {
        var name = "schedule-" + random.nextInt(SpreadRepository.SCHEDULES);
        return new TaskFilter(Set.of(), null, null, name, Map.of(), null, null, null);
    }

    private static TaskFilter time(Instant from, Duration length) {
        return new TaskFilter(Set.of(), null, null, null, Map.of(), from, from.plus(length), null);
    }

    private static TaskFilter text(String text) {
        return new TaskFilter(Set.of(), null, null, null, Map.of(), null, null, text);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
