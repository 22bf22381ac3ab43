package io.celeriac.resultsweb.task;

import com.fasterxml.jackson.annotation.JsonValue;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.receipt.SubmissionWarnings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Explains why a task is not running, from its result and the workers' committed offsets. */
public final class WaitReason {

    private static final Logger LOG = LoggerFactory.getLogger(WaitReason.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What a task may wait for. */
    enum Reason {
        /** Its earliest start. */
        ETA,
        /** The next attempt. */
        RETRY,
        /** A live worker of its queue that has a handler for it. */
        HANDLER,
        /** The workers have yet to read it, and the records before it. */
        OTHERS,
        /** A thread, the turn of its key or a limit of the worker that has it: {@code /actuator/tasks/{id}} there says which. */
        WORKER;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param reason why it does not run
     * @param until when the wait ends; null if it does not end at a given time
     * @param ahead records of its partition that the workers have yet to read before it; null unless {@link Reason#OTHERS}
     */
    record WaitsFor(
            Reason reason,
            @Nullable Instant until,
            @Nullable Long ahead) {}

    private final Admin admin;
    private final Topics topics;
    private final SubmissionWarnings warnings;
    private final InstantSource clock;
    private final Cache<String, Map<TopicPartition, OffsetAndMetadata>> positions =
            Caffeine.newBuilder().maximumSize(1_000).expireAfterWrite(PATIENCE).build();

    /**
     * @param warnings of tasks that no live worker can run
     */
    public WaitReason(Admin admin, Topics topics, SubmissionWarnings warnings, InstantSource clock) {
        this.admin = admin;
        this.topics = topics;
        this.warnings = warnings;
        this.clock = clock;
    }

    /**
     * The result as the answer to a call. If it is known what the task waits for, the JSON has one more field, {@code waitsFor}. It asks
     * the broker at most once a second for each queue, and never about a final task, so that the thread that completes a wait does not
     * block here.
     */
    Object explained(TaskResult result) {
        return waitsFor(result)
                .<Object>map(why -> ((ObjectNode) TaskJson.tree(result)).set("waitsFor", TaskJson.tree(why)))
                .orElse(result);
    }

    private Optional<WaitsFor> waitsFor(TaskResult result) {
        if (result.state() == TaskState.RETRY) {
            return Optional.of(new WaitsFor(Reason.RETRY, result.nextAttemptAt(), null));
        }
        if (result.state() != TaskState.PENDING) {
            return Optional.empty();
        }
        if (result.eta() != null && result.eta().isAfter(clock.instant())) {
            return Optional.of(new WaitsFor(Reason.ETA, result.eta(), null));
        }
        if (lacksHandler(result)) {
            return Optional.of(new WaitsFor(Reason.HANDLER, null, null));
        }
        return ahead(result)
                .map(ahead -> ahead >= 0
                        ? new WaitsFor(Reason.OTHERS, null, ahead)
                        : new WaitsFor(Reason.WORKER, null, null));
    }

    private boolean lacksHandler(TaskResult result) {
        return warnings.of(result.queue(), Task.of(result.task())).stream()
                .anyMatch(warning -> warning.startsWith(SubmissionWarnings.NO_HANDLER));
    }

    /** The number of records that the workers have yet to read before it; negative when they have read it; empty if unknown. */
    private Optional<Long> ahead(TaskResult result) {
        var place = result.partition();
        var offset = result.offset();
        if (place == null || offset == null) {
            return Optional.empty();
        }
        var position = positions
                .get(topics.workerGroup(result.queue()), this::ask)
                .get(new TopicPartition(topics.tasks(result.queue()), place));
        return Optional.ofNullable(position).map(next -> offset - next.offset());
    }

    private Map<TopicPartition, OffsetAndMetadata> ask(String group) {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the positions of {} are not known", group, e);
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }
}
