package io.celeriac.web.caller;

import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.receipt.LatestReceipts;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks the ids that a caller chooses for its tasks. A caller that is narrowed to queues would otherwise take over the row of
 * another queue's task, and read or revoke it. A task that has no row yet is protected on the gateway that took it.
 */
public final class ChosenIds {

    private final Supplier<@Nullable QueueOfTask> queues;
    private final LatestReceipts receipts;

    /**
     * @param queues supplies null where no results are stored
     */
    public ChosenIds(Supplier<@Nullable QueueOfTask> queues, LatestReceipts receipts) {
        this.queues = queues;
        this.receipts = receipts;
    }

    /**
     * @param field that has the id
     * @param id null when the caller leaves the choice to the gateway
     * @throws ProblemException 409 when a task of another queue has the id
     */
    public void require(Caller caller, String field, @Nullable String id) {
        if (id != null) {
            require(caller, Map.of(id, field));
        }
    }

    /**
     * @param fields by the ids that they have
     * @throws ProblemException 409 when tasks of other queues have some of the ids
     */
    public void require(Caller caller, Map<String, String> fields) {
        if (caller.queues() == null || fields.isEmpty()) {
            return;
        }
        var known = queues.get();
        var taken = known == null ? Map.<String, String>of() : known.find(fields.keySet());
        fields.forEach((id, field) -> {
            var stored = taken.get(id);
            var sent = receipts.queueOf(id);
            if ((stored != null && !caller.sees(stored)) || (sent != null && !caller.sees(sent))) {
                throw ProblemException.conflict(
                        field + ": there is a task with the id " + id + " in a queue that is not granted", List.of());
            }
        });
    }
}
