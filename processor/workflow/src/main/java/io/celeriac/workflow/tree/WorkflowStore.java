package io.celeriac.workflow.tree;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The workflows of a partition. A change takes effect together with the records that are sent for it. Belongs to one thread. */
public interface WorkflowStore {

    @Nullable
    StoredWorkflow workflow(String id);

    void put(StoredWorkflow workflow);

    @Nullable
    StoredNode node(String workflow, String path);

    void put(String workflow, String path, StoredNode node);

    /** The result of a task that has succeeded; null when there is none. */
    @Nullable
    JsonNode result(String workflow, String path);

    void putResult(String workflow, String path, JsonNode result);

    /** What is written of a group's list of results; null when nothing is. */
    @Nullable
    StoredList list(String workflow, String path);

    void putList(String workflow, String path, StoredList list);

    /**
     * Work that is left to do.
     *
     * @param kind of the work
     * @param workflow id
     * @param path of the node that it is about
     * @param due when it is to be done; null for as soon as possible
     */
    record Job(
            Kind kind,
            String workflow,
            String path,
            @Nullable Instant due) {

        enum Kind {
            /** Start further members of a group. */
            START_MEMBERS,
            /** Start a node whose queue is being looked up. */
            START,
            /** Send the callbacks of a node whose queues are being looked up. */
            CALL_BACK,
            /** End the children of a node that has not succeeded. */
            CANCEL,
            /** Write the list of a group's results, which is too large for the record of a task. */
            WRITE_LIST,
            /** Run again what failed, once the last run is done. */
            RETRY,
            /** Fail a group that is still open. */
            CLOSE_GROUP,
            /** Delete the nodes of a workflow that has succeeded. */
            DELETE_NODES,
            /** Delete a workflow with everything about it. */
            DELETE
        }

        /** A job that is to be done as soon as possible. */
        static Job soon(Kind kind, String workflow, String path) {
            return new Job(kind, workflow, path, null);
        }

        /** Two jobs of the same kind for the same node are one. */
        String key() {
            return kind + "\0" + workflow + "\0" + path;
        }
    }

    void put(Job job);

    void remove(Job job);

    /** Moves a job without a time behind all others; does nothing if it is not there. */
    void toTheEnd(Job job);

    /** Whether a job is still to be done, at the same time. */
    boolean isPut(Job job);

    /** All jobs of a kind. */
    List<Job> all(Job.Kind kind);

    /** Whether a job of a kind without a time is left for a workflow. */
    boolean isLeft(Job.Kind kind, String workflow);

    /** The jobs that are due, those without a time first. */
    List<Job> due(Instant now);

    /**
     * Deletes nodes and results of a workflow.
     *
     * @param most how many records
     * @return whether none is left
     */
    boolean deleteNodes(String workflow, int most);

    void delete(String workflow);
}
