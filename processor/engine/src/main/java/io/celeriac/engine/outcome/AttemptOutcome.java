package io.celeriac.engine.outcome;

import io.celeriac.contract.result.TaskState;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** What an attempt has to tell the stream thread. */
public sealed interface AttemptOutcome {

    /** The task it is about, as it was when the attempt began. */
    AcceptedTask task();

    /** What is to be sent. */
    List<OutboundRecord> publications();

    /** Its id. */
    default String id() {
        return task().id();
    }

    /** It runs, or has come further. */
    record Progressed(AcceptedTask task, List<OutboundRecord> publications) implements AttemptOutcome {}

    /**
     * It has emitted a child task.
     *
     * @param child to be sent
     * @param whenCommitted is to be told when it was sent and that is committed; until then it is kept
     */
    record Emitted(AcceptedTask task, OutboundRecord child, Consumer<Emitted> whenCommitted) implements AttemptOutcome {

        /** It need not be kept any more. */
        public void committed() {
            whenCommitted.accept(this);
        }

        /** Each is itself, whatever it holds. */
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
     * The task has come to its end.
     *
     * @param state a final one
     * @param publications result, next steps, dead letter
     */
    record Finished(AcceptedTask task, TaskState state, List<OutboundRecord> publications) implements AttemptOutcome {}

    /**
     * The attempt has failed, and another will follow.
     *
     * @param again the task after the failure
     * @param due when
     */
    record Retried(AcceptedTask task, AcceptedTask again, Instant due, List<OutboundRecord> publications)
            implements AttemptOutcome {}
}
