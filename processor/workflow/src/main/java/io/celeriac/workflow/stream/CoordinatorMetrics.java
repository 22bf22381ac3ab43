package io.celeriac.workflow.stream;

import io.celeriac.contract.result.DeadLetter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What a coordinator counts. Safe for use by several threads. */
final class CoordinatorMetrics {

    private final MeterRegistry registry;
    private final Counter submitted;
    private final Counter failed;

    CoordinatorMetrics(MeterRegistry registry) {
        this.registry = registry;
        submitted = Counter.builder("celeriac.workflows.submitted")
                .description("Workflows taken, also those that were known already")
                .register(registry);
        failed = Counter.builder("celeriac.workflows.stream.failures")
                .description("Stream threads of the coordinator that failed")
                .register(registry);
    }

    void submitted() {
        submitted.increment();
    }

    void streamFailed() {
        failed.increment();
    }

    void deadLetter(DeadLetter.Reason reason) {
        Counter.builder("celeriac.workflows.dead.letters")
                .description("Records of workflows that were set aside")
                .tag("reason", reason.word())
                .register(registry)
                .increment();
    }
}
