package io.celeriac.gateway.submission;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.ChosenIds;
import io.celeriac.web.caller.StepQueues;
import io.celeriac.web.kafka.QueueDirectory;
import java.util.Map;

/** Refuses submissions to queues that are not granted or not there, and ids that the caller must not choose. */
final class SubmissionRights {

    private final QueueDirectory queues;
    private final ChosenIds ids;

    SubmissionRights(QueueDirectory queues, ChosenIds ids) {
        this.queues = queues;
        this.ids = ids;
    }

    /**
     * Checks a single submission.
     *
     * @throws io.celeriac.web.problem.ProblemException naming the field
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
     * Checks the ids of a batch.
     *
     * @param fields by the ids that they have
     */
    void requireIds(Caller caller, Map<String, String> fields) {
        ids.require(caller, fields);
    }
}
