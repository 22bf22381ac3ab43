package io.celeriac.engine.stream;

import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.topic.StepCheck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes the outcomes of tasks for which no attempt has checked the topics of their next steps. A task stays in the store until
 * those topics are known. Each life of a partition has a new one. Belongs to the stream thread.
 */
final class Conclusion {

    private final UnfinishedTasks store;
    private final Outlet outlet;
    private final OutcomeRecords outcomes;
    private final StepCheck steps;
    private final Runnable wake;
    private final EngineMetrics metrics;
    private final Set<String> unpublished = new LinkedHashSet<>(); // ids of tasks in the store

    /** @param wake called on any thread when a topic has been looked up */
    Conclusion(
            UnfinishedTasks store,
            Outlet outlet,
            OutcomeRecords outcomes,
            StepCheck steps,
            Runnable wake,
            EngineMetrics metrics) {
        this.store = store;
        this.outlet = outlet;
        this.outcomes = outcomes;
        this.steps = steps;
        this.wake = wake;
        this.metrics = metrics;
        steps.forget();
    }

    /** Adds a stored task that an earlier owner has left with unpublished records. */
    void owes(String id) {
        unpublished.add(id);
    }

    /** Whether a task waits for the topics of its next steps. */
    boolean isOwed() {
        return !unpublished.isEmpty();
    }

    /** Publishes the outcomes that are left and can be published now. */
    void pass(Instant now) {
        for (var id : List.copyOf(unpublished)) {
            var stored = store.get(id);
            if (stored instanceof Ended ended) {
                conclude(ended, now);
            } else if (stored instanceof Waiting waiting) {
                publish(waiting, now);
            } else {
                unpublished.remove(id);
            }
        }
    }

    /** Publishes the outcome of a task, now or when the topics of its next steps are known. */
    void conclude(Ended ended, Instant now) {
        var id = ended.task().id();
        var sendable = sendable(ended.unpublished(), now);
        if (sendable.isEmpty() && outcomes.fits(store.size(ended))) {
            store.update(ended);
            unpublished.add(id);
            return;
        }
        sendable.orElseGet(() -> withoutSteps(ended, now)).forEach(outlet::publish);
        store.finish(ended.task(), ended.state(), now.toEpochMilli());
        metrics.finished(ended.state());
        unpublished.remove(id);
    }

    private void publish(Waiting waiting, Instant now) {
        var sendable = sendable(waiting.unpublished(), now);
        if (sendable.isPresent()) {
            sendable.get().forEach(outlet::publish);
            metrics.retried();
            store.update(new Waiting(waiting.task(), waiting.due()));
            unpublished.remove(waiting.task().id());
        }
    }

    /** Task, result and next steps fit into no record together, so they cannot wait for the topics. */
    private List<OutboundRecord> withoutSteps(Ended ended, Instant now) {
        var why = "its topic could not be looked up, and its parent is too large to be kept until it can";
        return ended.unpublished().stream()
                .map(record ->
                        record.isNextStep() ? outcomes.undeliverable(record, Reason.UNKNOWN_QUEUE, why, now) : record)
                .toList();
    }

    /** The records to send; empty while topics are looked up. A dead letter replaces each next step without a topic. */
    private Optional<List<OutboundRecord>> sendable(List<OutboundRecord> records, Instant now) {
        var sendable = new ArrayList<OutboundRecord>();
        var answers = new HashMap<String, StepCheck.Answer>(); // one answer for all steps to a topic
        var isPending = false;
        for (var record : records) {
            var answer = record.isNextStep()
                    ? answers.computeIfAbsent(record.topic(), topic -> steps.of(topic, wake))
                    : null;
            isPending |= answer instanceof StepCheck.Answer.Pending;
            sendable.add(
                    answer instanceof StepCheck.Answer.Absent absent
                            ? outcomes.undeliverable(record, Reason.UNKNOWN_QUEUE, absent.why(), now)
                            : record);
        }
        return isPending ? Optional.empty() : Optional.of(sendable);
    }
}
