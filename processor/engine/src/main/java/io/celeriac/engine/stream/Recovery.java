package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores the tasks that an earlier owner of the partition has left, when a life begins. Belongs to the stream thread.
 */
record Recovery(
        TopicPartition source, UnfinishedTasks store, PartitionGates gates, Conclusion conclusion, PurgeSweep purge) {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** A task that asks for the turn of its key. Tasks that still run here go first, then those with failed attempts, then the others. */
    private record InTurn(boolean rests, boolean isNew, long offset, String id) {

        private static final Comparator<InTurn> ORDER =
                Comparator.comparing(InTurn::rests).thenComparing(InTurn::isNew).thenComparingLong(InTurn::offset);
    }

    /**
     * Parks every unfinished task before any new record is taken. Tasks of a key enter in the order of {@link InTurn#ORDER}.
     *
     * @param topicId of the queue's topic
     * @param generation of the consumer group; 0 when there is none
     */
    void restore(Uuid topicId, int generation, Revocations revocations, AttemptQueue attempts, Instant now) {
        var keyOrder = gates.keyOrder();
        var parking = gates.due();
        var inTurn = new ArrayList<InTurn>();
        purge.beginRestore();
        store.restore(now.toEpochMilli(), topicId, generation, (id, outline) -> {
            if (store.finishedSince(id, outline.acceptedAt())) {
                store.finish(id, now.toEpochMilli()); // its mark was logged and its removal was not
                return;
            }
            purge.restored(outline.offset());
            if (outline.hasUnpublished()) {
                conclusion.owes(id);
            }
            if (revocations.contains(id)) {
                attempts.revoke(id); // revoked while nobody had the partition
            }
            var runs = keyOrder.exist() && gates.runsHere(id, outline.offset());
            if (runs || (keyOrder.exist() && (outline.attempts() > 0 || outline.due() <= now.toEpochMilli()))) {
                inTurn.add(new InTurn(!runs, outline.attempts() == 0, outline.offset(), id));
            } else {
                parking.restore(id, outline.due(), outline.offset(), outline.attempts() > 0);
            }
        });
        inTurn.stream().sorted(InTurn.ORDER).map(InTurn::id).forEach(id -> enterInTurn(id, now));
        purge.endRestore();
        var unfinished = parking.size() + parking.withTurn() + keyOrder.waiting();
        if (unfinished > 0) {
            LOG.info("{} restores {} unfinished tasks", source, unfinished);
        }
    }

    private void enterInTurn(String id, Instant now) {
        var stored = store.get(id);
        if (stored instanceof Ended) {
            conclusion.owes(id); // also a task that only the rules of this version refuse
        } else if (stored instanceof Waiting waiting && gates.keyOrder().enter(waiting.task(), now)) {
            gates.due().park(waiting.task(), waiting.due());
        }
    }

    /** Charges the tasks that were running when the last owner died. */
    void charge(String process, Instant now) {
        gates.guard().start(store.formerMark(), process, now, store.flushes()).forEach(this::survive);
    }

    private void survive(String id) {
        if (store.get(id) instanceof Waiting waiting) {
            var survivor = waiting.task().survived();
            LOG.warn("{}: the process that ran task {} has died, {} times now", source, id, survivor.deaths());
            store.update(new Waiting(survivor, waiting.due()));
        }
    }
}
