package io.celeriac.workflow.tree;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.Workflow;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as the coordinator stores it, without its nodes.
 *
 * @param state of the root
 * @param run 0, and one more for each retry
 * @param revision of the last published state
 * @param tasks known tasks
 * @param running tasks that were sent and have not ended
 * @param ended tasks that have ended in any way
 * @param failed of those, how many have failed
 * @param revoked of those, how many were revoked
 * @param trace W3C headers of the workflow's record, for its tasks
 */
record StoredWorkflow(
        String id,
        @Nullable String name,
        Map<String, String> labels,
        @Nullable String queue,
        @Nullable MemberPolicy onMemberFailure,
        TaskState state,
        int run,
        long revision,
        int tasks,
        int running,
        int ended,
        int failed,
        int revoked,
        @Nullable TaskError error,
        Instant submittedAt,
        Instant startedAt,
        @Nullable Instant finishedAt,
        Map<String, String> trace) {

    /** The name in results. */
    String shownName() {
        return name == null ? Workflow.NO_NAME : name;
    }

    MemberPolicy policy() {
        return onMemberFailure == null ? MemberPolicy.FAIL_GROUP : onMemberFailure;
    }

    StoredWorkflow published() {
        return with(state, run, revision + 1, tasks, running, ended, failed, revoked, error, finishedAt);
    }

    StoredWorkflow more(int newTasks) {
        return with(state, run, revision, tasks + newTasks, running, ended, failed, revoked, error, finishedAt);
    }

    StoredWorkflow sent() {
        return with(state, run, revision, tasks, running + 1, ended, failed, revoked, error, finishedAt);
    }

    /**
     * A task has ended.
     *
     * @param wasSent whether it had been sent
     */
    StoredWorkflow taskEnded(TaskState how, boolean wasSent) {
        return with(
                state,
                run,
                revision,
                tasks,
                wasSent ? running - 1 : running,
                ended + 1,
                how == TaskState.FAILURE ? failed + 1 : failed,
                how == TaskState.REVOKED ? revoked + 1 : revoked,
                error,
                finishedAt);
    }

    /** A task that was sent has ended, and is sent again. */
    StoredWorkflow stopped() {
        return with(state, run, revision, tasks, running - 1, ended, failed, revoked, error, finishedAt);
    }

    /** A task that had ended is to run again. */
    StoredWorkflow taskReset(TaskState before) {
        return with(
                state,
                run,
                revision,
                tasks,
                running,
                ended - 1,
                before == TaskState.FAILURE ? failed - 1 : failed,
                before == TaskState.REVOKED ? revoked - 1 : revoked,
                error,
                finishedAt);
    }

    StoredWorkflow ended(TaskState how, @Nullable TaskError why, Instant at) {
        return with(how, run, revision, tasks, running, ended, failed, revoked, why, at);
    }

    StoredWorkflow retried() {
        return with(TaskState.STARTED, run + 1, revision, tasks, running, ended, failed, revoked, null, null);
    }

    private StoredWorkflow with(
            TaskState newState,
            int newRun,
            long newRevision,
            int newTasks,
            int newRunning,
            int newEnded,
            int newFailed,
            int newRevoked,
            @Nullable TaskError newError,
            @Nullable Instant newFinishedAt) {
        return new StoredWorkflow(
                id,
                name,
                labels,
                queue,
                onMemberFailure,
                newState,
                newRun,
                newRevision,
                newTasks,
                newRunning,
                newEnded,
                newFailed,
                newRevoked,
                newError,
                submittedAt,
                startedAt,
                newFinishedAt,
                trace);
    }
}
