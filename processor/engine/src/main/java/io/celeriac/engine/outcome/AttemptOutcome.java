package io.celeriac.engine.outcome;

import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** An event of an attempt. The stream thread publishes it, unless the attempt did. */
public sealed interface AttemptOutcome {

    /** The task it is about, as it was when the attempt began. */
    AcceptedTask task();

    /** The records to send. */
    List<OutboundRecord> publications();

    /** The id of the task. */
    default String id() {
        return task().id();
    }

    /** The attempt has started or has made progress. */
    record Progressed(AcceptedTask task, List<OutboundRecord> publications) implements AttemptOutcome {}

    /**
     * The attempt has emitted a child task.
     *
     * @param child the record to send
     * @param whenCommitted called when the child is sent and committed; until then the child is kept
     */
    record Emitted(AcceptedTask task, OutboundRecord child, Consumer<Emitted> whenCommitted) implements AttemptOutcome {

        /** Called when the child is committed and need not be kept any more. */
        public void committed() {
            whenCommitted.accept(this);
        }

        /** Compares by identity, not by content. */
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public List<OutboundRecord> publications() {
            return List.of(child);
        }
    }

    /**
     * The task has reached a final state.
     *
     * @param state a final one
     * @param publications result, next steps, dead letter
     * @param isChecked false if the cluster could not tell whether the topics of next steps exist; they are then checked before anything
     *     is published
     * @param isPublished whether the attempt has published and counted it
     */
    record Finished(
            AcceptedTask task,
            TaskState state,
            List<OutboundRecord> publications,
            boolean isChecked,
            boolean isPublished)
            implements AttemptOutcome {

        public Finished(AcceptedTask task, TaskState state, List<OutboundRecord> publications, boolean isChecked) {
            this(task, state, publications, isChecked, false);
        }

        public Finished(AcceptedTask task, TaskState state, List<OutboundRecord> publications) {
            this(task, state, publications, true);
        }

        /** What is left to do once its records are sent. */
        public Finished published() {
            return new Finished(task, state, List.of(), isChecked, true);
        }
    }

    /**
     * The attempt has failed, and another will follow.
     *
     * @param again the task after the failure
     * @param due when the next attempt may start
     * @param isPublished whether the attempt has published and counted it
     */
    record Retried(
            AcceptedTask task, AcceptedTask again, Instant due, List<OutboundRecord> publications, boolean isPublished)
            implements AttemptOutcome {

        public Retried(AcceptedTask task, AcceptedTask again, Instant due, List<OutboundRecord> publications) {
            this(task, again, due, publications, false);
        }

        /** What is left to do once its records are sent. */
        public Retried published() {
            return new Retried(task, again, due, List.of(), true);
        }
    }
}
