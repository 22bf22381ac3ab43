package io.celeriac.workflow;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.workflow.*} of the coordinator.
 *
 * @param enabled whether this program coordinates workflows; at least one program must
 * @param streamThreads threads of the coordinator; more than the workflows' topic has partitions are idle
 * @param store where workflows are kept while the program runs; {@code rocksdb} for many millions of tasks
 * @param stateDir of Kafka Streams; unset: a temporary one, which is right for the {@code memory} store
 * @param keep how long a workflow is kept after its last task has ended: for a retry, and to recognize its id
 * @param appendTimeout how long an open group waits for further members before it fails
 */
@ConfigurationProperties("celeriac.workflow")
public record WorkflowProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("1") int streamThreads,
        @DefaultValue("memory") Store store,
        @Nullable Path stateDir,
        @DefaultValue("P7D") Duration keep,
        @DefaultValue("PT10M") Duration appendTimeout) {

    /** Where workflows are kept while the program runs. */
    public enum Store {
        /** On the heap. */
        MEMORY,
        /** On disk. */
        ROCKSDB
    }

    public WorkflowProperties {
        if (streamThreads < 1) {
            throw new IllegalArgumentException(
                    "celeriac.workflow.stream-threads must be at least 1, but is " + streamThreads);
        }
        positive("keep", keep);
        positive("append-timeout", appendTimeout);
    }

    private static void positive(String setting, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "celeriac.workflow." + setting + " must be longer than zero, but is " + value);
        }
    }
}
