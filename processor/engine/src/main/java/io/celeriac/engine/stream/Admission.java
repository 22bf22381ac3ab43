package io.celeriac.engine.stream;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.SourceRecord;
import io.celeriac.engine.topic.TopicIds;
import java.time.Instant;
import java.util.ArrayList;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records. Each becomes a task in the store, a dead letter with its reason, or nothing because it was taken before. Belongs to
 * the stream thread.
 */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final String topic;
    private final TopicIds topicIds;
    private final Uuid topicId;
    private final UnfinishedTasks store;
    private final OutcomeRecords outcomes;
    private final Outlet outlet;
    private final Conclusion conclusion;
    private final EngineMetrics metrics;
    private boolean isTopicAnew; // recreated since this life began
    private long lastTaken = -1; // offset of the last record, in this life

    Admission(String topic, QueueContext queue, UnfinishedTasks store, Outlet outlet, Conclusion conclusion) {
        this.topic = topic;
        this.topicIds = queue.topicIds();
        this.topicId = topicIds.of(topic);
        this.store = store;
        this.outcomes = queue.outcomes();
        this.outlet = outlet;
        this.conclusion = conclusion;
        this.metrics = queue.metrics();
    }

    /** Id of the topic that this life of the partition began with; a topic that is recreated has another. */
    Uuid topicId() {
        return topicId;
    }

    /** Whether a record was taken in this life. */
    boolean hasTaken() {
        return lastTaken >= 0;
    }

    /** Whether a record was taken before: the group's offset may be lost, or be less than the store's. */
    boolean isTakenAgain(SourceRecord record) {
        if (!isTopicAnew && (record.offset() <= lastTaken || !topicIds.of(topic).equals(topicId))) {
            LOG.warn(
                    "{}-{} is at {}, after {}: its topic was recreated",
                    topic,
                    record.partition(),
                    record.offset(),
                    lastTaken);
            isTopicAnew = true;
            store.forgetOffsets();
        }
        lastTaken = record.offset();
        if (store.isBehind(record.offset())) {
            metrics.replayed();
            return true;
        }
        store.take(record.offset());
        return false;
    }

    /**
     * Puts the task of a record into the store.
     *
     * @return null when it is a duplicate, or has failed because it is too large
     * @throws io.celeriac.contract.rule.InvalidTaskException when the record is no task
     */
    @Nullable
    Waiting admit(SourceRecord record, Instant now) {
        var task = TaskJson.task(record.value() == null ? new byte[0] : record.value());
        var id = task.id() == null ? TaskIds.ofRecord(topic, record.partition(), record.offset()) : task.id();
        var isAcceptable = outcomes.isAcceptable(record);
        if (store.contains(id) || store.finishedLately(id)) {
            store.adopt(id, record.offset());
            metrics.duplicate();
            return null;
        }
        if (!isAcceptable) {
            failTooLarge(record, id, task, now);
            return null;
        }
        var identified = task.id() == null ? task.toBuilder().id(id).build() : task;
        var accepted = AcceptedTask.first(record, identified, now);
        var waiting = task.eta() == null ? new Waiting(accepted, 0) : Waiting.until(task.eta(), accepted);
        store.add(waiting);
        metrics.accepted();
        return waiting;
    }

    /** Fails the task at once, as somebody waits for it. Only its next steps are kept, until their topics are known. */
    private void failTooLarge(SourceRecord record, String id, Task task, Instant now) {
        metrics.unreadable(Reason.TOO_LARGE);
        LOG.warn("record {}-{}/{} is set aside: it is too large", topic, record.partition(), record.offset());
        var steps = new ArrayList<OutboundRecord>();
        for (var outbound : outcomes.tooLargeFailure(record, task, now)) {
            if (outbound.isNextStep()) {
                steps.add(outbound);
            } else {
                outlet.publish(outbound);
            }
        }
        var name = Task.named(task.task()).id(id).build();
        var small = new SourceRecord(
                record.queue(),
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                null,
                TaskJson.bytes(name),
                new RecordHeaders());
        var ended = new Ended(AcceptedTask.first(small, name, now), TaskState.FAILURE, steps);
        store.add(ended);
        conclusion.conclude(ended, now);
    }

    /** Makes a dead letter of a record that cannot be read. */
    void setAside(SourceRecord record, String why, Instant now) {
        metrics.unreadable(Reason.UNREADABLE);
        LOG.warn("record {}-{}/{} is set aside: {}", topic, record.partition(), record.offset(), why);
        outlet.publish(outcomes.unreadable(record, why, now));
    }
}
