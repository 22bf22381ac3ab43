package io.celeriac.worker.demo;

import io.celeriac.engine.Retry;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The handlers of the tasks named {@code demo.*}. */
final class DemoTasks {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Duration STEP = Duration.ofMillis(500);

    private final Path output;
    private final InstantSource clock;
    private final ZoneId zone;

    /**
     * @param output file that {@code demo.timing} writes to; created when it is missing
     * @param zone of the times in the file
     */
    DemoTasks(Path output, InstantSource clock, ZoneId zone) {
        this.output = output;
        this.clock = clock;
        this.zone = zone;
    }

    /** Sleeps for a number of seconds. */
    @TaskHandler("demo.sleep")
    String sleep(double seconds) throws InterruptedException {
        Thread.sleep(Math.round(seconds * 1000));
        return "slept " + BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString() + " s";
    }

    /** Appends the time to a file. */
    @TaskHandler("demo.timing")
    String timing() throws IOException {
        var line = "Now is " + TIME.format(clock.instant().atZone(zone));
        Files.writeString(output, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return line;
    }

    /** Adds two numbers. */
    @TaskHandler("demo.add")
    BigDecimal add(BigDecimal x, BigDecimal y) {
        return x.add(y);
    }

    /** Adds a list of numbers, such as the results of a group. */
    @TaskHandler("demo.sum")
    BigDecimal sum(List<BigDecimal> numbers) {
        return numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Returns its argument at once. */
    @TaskHandler("demo.noop")
    long noop(long i) {
        return i;
    }

    /** Fails a number of times, and then succeeds. */
    @TaskHandler(
            value = "demo.flaky",
            retry = @Retry(maxAttempts = 10, delay = "PT0.5S", maxDelay = "PT5S", jitter = false))
    String flaky(int failures, TaskContext context) throws IOException {
        if (context.attempt() <= failures) {
            throw new IOException("attempt " + context.attempt() + " of " + (failures + 1));
        }
        return "succeeded at attempt " + context.attempt();
    }

    /** Takes half a second for each step, and reports its progress. */
    @TaskHandler("demo.progress")
    String progress(int steps, TaskContext context) throws InterruptedException {
        for (int step = 1; step <= steps && !context.isCancelled(); step++) {
            Thread.sleep(STEP.toMillis());
            context.progress(step, (long) steps, "step " + step + " of " + steps);
        }
        return steps + " steps";
    }
}
