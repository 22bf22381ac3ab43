package io.celeriac.gateway.submission;

import io.celeriac.contract.workflow.Workflow;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.ChosenIds;
import io.celeriac.web.caller.QueueOfTask;
import io.celeriac.web.caller.StepQueues;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses submissions to queues that are not granted or not there, and ids that the caller must not choose. */
final class SubmissionRights {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionRights.class);

    private final QueueDirectory queues;
    private final ChosenIds ids;
    private final Supplier<@Nullable QueueOfTask> known;

    /** @param known supplies null where no results are stored */
    SubmissionRights(QueueDirectory queues, ChosenIds ids, Supplier<@Nullable QueueOfTask> known) {
        this.queues = queues;
        this.ids = ids;
        this.known = known;
    }

    /**
     * Checks a single submission.
     *
     * @throws ProblemException naming the field
     */
    void require(Caller caller, Submission submission) {
        requireQueues(caller, "", submission);
        ids.require(caller, "id", submission.task().id());
    }

    /**
     * Checks the queues of a submission.
     *
     * @param prefix of the names of fields
     */
    void requireQueues(Caller caller, String prefix, Submission submission) {
        caller.require(Authority.TASK_SUBMIT, prefix + "queue", submission.queue());
        StepQueues.require(caller, Authority.TASK_SUBMIT, prefix, submission.task());
        queues.require(caller, prefix + "queue", submission.queue());
    }

    /**
     * Refuses to revoke a workflow as a task: no worker has a task with its id, so nothing would happen. A revocation does not depend on
     * the database, so that one that cannot be read refuses nothing.
     *
     * @throws ProblemException 409, naming the call that revokes the workflow
     */
    void requireNoWorkflow(String id) {
        if (isWorkflow(id)) {
            throw ProblemException.conflict(
                    "task " + id + " is a workflow; revoke it with POST /api/workflows/" + id + "/revoke", List.of());
        }
    }

    private boolean isWorkflow(String id) {
        try {
            var tasks = known.get();
            return tasks != null
                    && tasks.find(id).filter(Workflow.QUEUE::equals).isPresent();
        } catch (RuntimeException e) {
            LOG.warn("cannot tell whether {} is a workflow: {}", id, e.getMessage());
            return false;
        }
    }

    /**
     * Checks the ids of a batch.
     *
     * @param fields by the ids that they have
     */
    void requireIds(Caller caller, Map<String, String> fields) {
        ids.require(caller, fields);
    }
}
