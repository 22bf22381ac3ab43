package io.celeriac.engine.control;

import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.topic.TopicIds;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The ids of revoked tasks and the fences of purged queues, for as long as the control topic keeps them. The topic's retention bounds
 * their number; each id takes 144 bytes of heap. Safe for use by several threads.
 *
 * <p>A task that a worker has is revoked at once. What is kept here matters only for tasks that no worker has yet, or that none has at the
 * moment. The topic must keep commands for longer than a task may stay unread.
 */
public final class RevokedTasks implements Revocations {

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

    private record Purge(PurgeCommand command, Instant at) {}

    private final ConcurrentMap<String, Instant> ids = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Purge> purges = new ConcurrentHashMap<>(); // the last of each queue
    private final TopicIds topicIds;
    private volatile Duration retention;
    private Instant nextLook = Instant.MIN; // the control reader's thread only

    /**
     * @param retention of the control topic
     * @param topicIds tell a queue's topic from an earlier one of its name, for which a fence was meant
     */
    public RevokedTasks(Duration retention, TopicIds topicIds) {
        this.retention = retention;
        this.topicIds = topicIds;
    }

    /** Changes how long ids are kept. */
    public void keepFor(Duration newRetention) {
        retention = newRetention;
    }

    @Override
    public boolean contains(String id) {
        return ids.containsKey(id);
    }

    @Override
    public @Nullable RevokeReason reason(AcceptedTask task) {
        if (ids.containsKey(task.id()) || isOfRevokedRun(task)) {
            return RevokeReason.REVOKED;
        }
        var origin = task.origin();
        return !purges.isEmpty() && origin.offset() < fence(origin.queue(), origin.topic(), origin.partition())
                ? RevokeReason.PURGED
                : null;
    }

    /** A workflow is revoked by one command for all its tasks, of which there may be 100,000. */
    private boolean isOfRevokedRun(AcceptedTask task) {
        var member = task.task().workflow();
        return member != null && !ids.isEmpty() && ids.containsKey(WorkflowIds.ofRun(member.id(), member.run()));
    }

    @Override
    public long fence(String queue, String topic, int partition) {
        var purge = purges.get(queue);
        return purge == null
                        || !purge.command.topicId().equals(topicIds.of(topic).toString())
                ? 0
                : purge.command.fences().getOrDefault(partition, 0L);
    }

    /** Revokes a task, or all tasks of a workflow's run, by its id. */
    public void add(String id, Instant at) {
        ids.put(id, at);
    }

    void purge(PurgeCommand command, Instant at) {
        purges.merge(command.queue(), new Purge(command, at), RevokedTasks::farther);
    }

    /** Two purges at once may come in the other order, so a fence never goes back. */
    private static Purge farther(Purge before, Purge after) {
        if (!before.command.topicId().equals(after.command.topicId())) {
            return after;
        }
        var fences = new HashMap<>(before.command.fences());
        after.command.fences().forEach((partition, fence) -> fences.merge(partition, fence, Math::max));
        var command = after.command;
        return new Purge(
                new PurgeCommand(command.id(), command.queue(), command.topicId(), fences, command.by(), command.at()),
                after.at);
    }

    /** Removes old ids and fences. It looks at most every ten minutes, because a start calls it after each of many polls. */
    void forgetOld(Instant now) {
        if (now.isBefore(nextLook)) {
            return;
        }
        nextLook = now.plus(BETWEEN_LOOKS);
        var oldest = now.minus(retention);
        ids.values().removeIf(at -> at.isBefore(oldest));
        purges.values().removeIf(purge -> purge.at.isBefore(oldest));
    }
}
