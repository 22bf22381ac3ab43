package io.celeriac.bench.subject;

import io.celeriac.engine.worker.Worker;
import io.celeriac.worker.WorkerApplication;
import java.time.Duration;

/**
 * The worker as it is delivered, with its materializer and its examples of handlers; and it ends with the harness. Arguments:
 * Spring's, as {@code --name=value}.
 */
public final class FullWorkerApplication {

    /** The example that does nothing with a number. */
    public static final String NOOP = "demo.noop";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private FullWorkerApplication() {}

    public static void main(String[] args) throws InterruptedException {
        Parent.endWithIt();
        var worker = WorkerApplication.application().run(args).getBean(Worker.class);
        if (!worker.awaitRunning(PATIENCE)) {
            throw new IllegalStateException("not running after " + PATIENCE + ": " + worker.conditions());
        }
        System.out.println(Ready.MARKER);
    }
}
