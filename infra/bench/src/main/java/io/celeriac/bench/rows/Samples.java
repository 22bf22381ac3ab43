package io.celeriac.bench.rows;

import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;

/** Small tasks and their results as a worker writes them; the ids grow with the time as a client's do. */
public final class Samples {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final TaskError ERROR = new TaskError(
            "java.io.IOException",
            "no route to host",
            "java.io.IOException: no route to host\n\tat io.celeriac.bench.Mail.send(Mail.java:41)\n");

    private final Random random;

    public Samples(long seed) {
        random = new Random(seed);
    }

    /** One of a row of tasks that do nothing, a millisecond apart. */
    public Task noop(int number) {
        return task(EngineWorkerMain.NOOP, BEGIN.plusMillis(number), number);
    }

    /** What came of it. */
    public TaskResult noopResult(int number) {
        return result(noop(number), TaskState.SUCCESS, BEGIN.plusMillis(number), number);
    }

    /** One that is spread as the rows of {@link SpreadRepository} are. */
    public TaskResult spread(Instant submittedAt, long number) {
        var state = random.nextInt(100) < 3 ? TaskState.FAILURE : TaskState.SUCCESS;
        return result(
                task(SpreadRepository.task(random.nextDouble()), submittedAt, number), state, submittedAt, number);
    }

    private Task task(String name, Instant submittedAt, long number) {
        return Task.named(name)
                .id(id(submittedAt))
                .args(number, "customer-4711", "invoice")
                .kwarg("retry", true)
                .kwarg("lang", "en")
                .submittedAt(submittedAt)
                .build();
    }

    private static TaskResult result(Task task, TaskState state, Instant submittedAt, long number) {
        var result = TaskResult.of(task, TaskRules.DEFAULT_QUEUE, state)
                .attempt(1)
                .at((int) (number % 8), number)
                .worker("bench-1-0a1b2c3d")
                .startedAt(submittedAt.plusMillis(4))
                .finishedAt(submittedAt.plusMillis(5));
        return (state == TaskState.SUCCESS ? result.result(TaskJson.tree("done")) : result.error(ERROR)).build();
    }

    /** A UUIDv7. */
    private String id(Instant at) {
        var millis = String.format(Locale.ROOT, "%012x", at.toEpochMilli());
        var bits = random.nextLong();
        return String.format(
                Locale.ROOT,
                "%s-%s-7%03x-8%03x-%012x",
                millis.substring(0, 8),
                millis.substring(8),
                random.nextInt(1 << 12),
                random.nextInt(1 << 12),
                bits & 0xFFFF_FFFF_FFFFL);
    }
}
