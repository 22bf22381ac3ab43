package io.celeriac.bench.results;

import io.celeriac.bench.rows.SpreadRepository;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.condition.Comparison;
import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.condition.TimeColumn;
import io.celeriac.results.table.ArgumentPath;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** The kinds of searches that the grammar allows, each time with other values. */
final class SearchKinds {

    private final Random random;
    private final Instant end;

    /**
     * @param end of the time over which the rows are spread; {@code since:} counts from there
     */
    SearchKinds(Random random, Instant end) {
        this.random = random;
        this.end = end;
    }

    /** By an example of what a person would write. */
    Map<String, Supplier<TaskCondition>> all() {
        var all = new LinkedHashMap<String, Supplier<TaskCondition>>();
        all.put("label.tenant:tenant-42", this::tenant);
        all.put("args.1:customer-042", this::customer);
        all.put("args.1:customer-042 state:FAILURE", () -> and(customer(), failure()));
        all.put("args.0:4711", this::number);
        all.put("task:bench.task-07 state:FAILURE since:1d", () -> and(task(), failure(), since(Duration.ofDays(1))));
        all.put("task:bench.task-1*", () -> text(TextColumn.TASK, new Match.Prefix("bench.task-1")));
        all.put("-task:bench.task-01 state:FAILURE", () -> and(not(firstTask()), failure()));
        all.put("state:FAILURE (queue:queue-2 OR queue:queue-3)", () -> and(failure(), someQueues()));
        all.put("error:Exception3 since:1h", () -> and(failed(), since(Duration.ofHours(1))));
        all.put("error:Exception3", this::failed);
        all.put("took:>50ms since:1h", () -> and(took(50), since(Duration.ofHours(1))));
        all.put("took:>5s", () -> took(5_000));
        all.put("customer-042 state:FAILURE", () -> and(new TaskCondition.Contains(customerName()), failure()));
        return all;
    }

    private TaskCondition tenant() {
        return new TaskCondition.Label("tenant", new Match.Whole("tenant-" + random.nextInt(SpreadRepository.TENANTS)));
    }

    private TaskCondition customer() {
        return new TaskCondition.Argument(
                ArgumentPath.parse(SpreadRepository.ARGUMENT), new Match.Whole(customerName()));
    }

    private String customerName() {
        return String.format(Locale.ROOT, "customer-%03d", random.nextInt(SpreadRepository.CUSTOMERS));
    }

    private TaskCondition number() {
        return new TaskCondition.Argument(
                ArgumentPath.parse("0"), new Match.Whole(String.valueOf(random.nextInt(SpreadRepository.CUSTOMERS))));
    }

    private TaskCondition task() {
        return text(TextColumn.TASK, new Match.Whole(SpreadRepository.task(random.nextDouble())));
    }

    private static TaskCondition firstTask() {
        return text(TextColumn.TASK, new Match.Whole(SpreadRepository.task(0)));
    }

    private static TaskCondition someQueues() {
        return new TaskCondition.Or(List.of(
                text(TextColumn.QUEUE, new Match.Whole("queue-2")),
                text(TextColumn.QUEUE, new Match.Whole("queue-3"))));
    }

    private static TaskCondition failure() {
        return text(TextColumn.STATE, new Match.Whole(TaskState.FAILURE.name()));
    }

    private TaskCondition failed() {
        return new TaskCondition.Failed("Exception" + random.nextInt(5));
    }

    private static TaskCondition took(long millis) {
        return new TaskCondition.RunTime(Comparison.GREATER, Duration.ofMillis(millis));
    }

    private TaskCondition since(Duration age) {
        return new TaskCondition.Time(TimeColumn.SUBMITTED, Comparison.GREATER_OR_EQUAL, end.minus(age));
    }

    private static TaskCondition text(TextColumn column, Match match) {
        return new TaskCondition.Text(column, match);
    }

    private static TaskCondition not(TaskCondition condition) {
        return new TaskCondition.Not(condition);
    }

    private static TaskCondition and(TaskCondition... conditions) {
        return new TaskCondition.And(List.of(conditions));
    }
}
