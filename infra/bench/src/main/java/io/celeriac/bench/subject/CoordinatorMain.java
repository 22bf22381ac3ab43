package io.celeriac.bench.subject;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.workflow.WorkflowProperties;
import io.celeriac.workflow.WorkflowProperties.Store;
import io.celeriac.workflow.stream.Coordinator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** A coordinator of workflows with its defaults, by itself. Arguments: bootstrap servers and namespace. */
public final class CoordinatorMain {

    private static final Duration KEEP = Duration.ofDays(7);
    private static final Duration APPEND_TIMEOUT = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 50;

    private CoordinatorMain() {}

    public static void main(String[] args) throws InterruptedException {
        Parent.endWithIt();
        var coordinator = new Coordinator(
                new WorkflowProperties(true, 1, Store.MEMORY, null, KEEP, APPEND_TIMEOUT),
                new TopicProperties(args[1], null, null),
                Map.of("bootstrap.servers", args[0]),
                1 << 20,
                new SimpleMeterRegistry(),
                InstantSource.system());
        coordinator.start();
        while (!coordinator.isRunning()) {
            Thread.sleep(POLL_MILLIS);
        }
        System.out.println(Ready.MARKER);
        Thread.currentThread().join(); // until the harness ends it
    }
}
