package io.celeriac.workflow.tree;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.WorkflowNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as the coordinator stores it, without its children.
 *
 * @param task of a {@link NodeKind#TASK}; otherwise null
 * @param state {@link TaskState#PENDING} before it starts, {@link TaskState#STARTED} until its end
 * @param run of the workflow in which it was last sent
 * @param children known children
 * @param next index of the first child that has not been started
 * @param running children that have started and not ended
 * @param ended children that have ended
 * @param failed children that have ended and not succeeded
 * @param secret whether the result of this task is secret
 */
record StoredNode(
        NodeKind kind,
        @Nullable String name,
        @Nullable Signature task,
        @JsonInclude(Include.NON_EMPTY) List<Signature> onSuccess,
        @JsonInclude(Include.NON_EMPTY) List<Signature> onFailure,
        @Nullable MemberPolicy onMemberFailure,
        @Nullable Integer concurrency,
        @JsonInclude(Include.NON_DEFAULT) boolean open,
        TaskState state,
        @JsonInclude(Include.NON_DEFAULT) int run,
        @JsonInclude(Include.NON_DEFAULT) int children,
        @JsonInclude(Include.NON_DEFAULT) int next,
        @JsonInclude(Include.NON_DEFAULT) int running,
        @JsonInclude(Include.NON_DEFAULT) int ended,
        @JsonInclude(Include.NON_DEFAULT) int failed,
        @JsonInclude(Include.NON_DEFAULT) boolean secret,
        @Nullable TaskError error,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    @SuppressWarnings("ConstantConditions") // Jackson passes null for a missing list
    StoredNode {
        onSuccess = onSuccess == null ? List.of() : onSuccess;
        onFailure = onFailure == null ? List.of() : onFailure;
    }

    /** A node that has not started. */
    static StoredNode of(WorkflowNode node) {
        return new StoredNode(
                node.kind(),
                node.name(),
                node.kind() == NodeKind.TASK ? node.task() : null,
                node.onSuccess(),
                node.onFailure(),
                node.onMemberFailure(),
                node.concurrency(),
                node.open(),
                TaskState.PENDING,
                0,
                node.children(),
                0,
                0,
                0,
                0,
                false,
                null,
                null,
                null);
    }

    boolean isTask() {
        return kind == NodeKind.TASK;
    }

    /** Whether all members are known and have ended. */
    boolean isWhole() {
        return !open && ended == children;
    }

    /** Whether a group may start another member now. */
    boolean mayStartNext() {
        return state == TaskState.STARTED && next < children && (concurrency == null || running < concurrency);
    }

    StoredNode started(int newRun, Instant at) {
        return with(open, TaskState.STARTED, newRun, children, next, running, ended, failed, secret, null, at, null);
    }

    StoredNode ended(TaskState how, @Nullable TaskError why, boolean isSecret, Instant at) {
        return with(open, how, run, children, next, running, ended, failed, isSecret, why, startedAt, at);
    }

    /** A group has started its next child, or found that it need not be started. */
    StoredNode nextStarted(boolean runs) {
        return with(
                open,
                state,
                run,
                children,
                next + 1,
                runs ? running + 1 : running,
                ended,
                failed,
                secret,
                error,
                startedAt,
                finishedAt);
    }

    StoredNode nextIs(int index) {
        return with(open, state, run, children, index, running, ended, failed, secret, error, startedAt, finishedAt);
    }

    StoredNode childEnded(boolean succeeded) {
        return with(
                open,
                state,
                run,
                children,
                next,
                Math.max(0, running - 1),
                ended + 1,
                succeeded ? failed : failed + 1,
                secret,
                error,
                startedAt,
                finishedAt);
    }

    /** A child that had started has to be started again. */
    StoredNode childStopped() {
        return with(
                open,
                state,
                run,
                children,
                next,
                Math.max(0, running - 1),
                ended,
                failed,
                secret,
                error,
                startedAt,
                finishedAt);
    }

    StoredNode more(int newChildren, boolean stillOpen) {
        return with(
                stillOpen, state, run, newChildren, next, running, ended, failed, secret, error, startedAt, finishedAt);
    }

    /**
     * A node that is to run again.
     *
     * @param newRunning children that still run
     * @param newEnded children that have succeeded
     */
    StoredNode reset(int newRunning, int newEnded) {
        return with(open, TaskState.PENDING, run, children, 0, newRunning, newEnded, 0, false, null, null, null);
    }

    private StoredNode with(
            boolean newOpen,
            TaskState newState,
            int newRun,
            int newChildren,
            int newNext,
            int newRunning,
            int newEnded,
            int newFailed,
            boolean newSecret,
            @Nullable TaskError newError,
            @Nullable Instant newStartedAt,
            @Nullable Instant newFinishedAt) {
        return new StoredNode(
                kind,
                name,
                task,
                onSuccess,
                onFailure,
                onMemberFailure,
                concurrency,
                newOpen,
                newState,
                newRun,
                newChildren,
                newNext,
                newRunning,
                newEnded,
                newFailed,
                newSecret,
                newError,
                newStartedAt,
                newFinishedAt);
    }
}
