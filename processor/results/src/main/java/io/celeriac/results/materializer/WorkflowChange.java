package io.celeriac.results.materializer;

import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a record of the topic of workflow states changes in the tables. */
sealed interface WorkflowChange {

    /** The workflow's id. */
    String workflow();

    /**
     * A new state of a workflow.
     *
     * @param at the record's timestamp; stands in for a missing time of submission
     */
    record OfWorkflow(WorkflowState state, Instant at) implements WorkflowChange {
        @Override
        public String workflow() {
            return state.id();
        }
    }

    /** A new state of an inner node. */
    record OfNode(NodeState state) implements WorkflowChange {
        @Override
        public String workflow() {
            return state.workflow();
        }
    }

    /**
     * The tree of a workflow, as it was submitted.
     *
     * @param at the record's timestamp; stands in for a missing time of submission
     */
    record OfTree(Workflow tree, Instant at) implements WorkflowChange {
        @Override
        public String workflow() {
            return tree.id();
        }
    }

    /**
     * The coordinator no longer knows a state. A next workflow of the same id counts its revisions from the beginning.
     *
     * @param node path of the inner node; null for the workflow itself
     */
    record Forgotten(String workflow, @Nullable String node) implements WorkflowChange {}
}
