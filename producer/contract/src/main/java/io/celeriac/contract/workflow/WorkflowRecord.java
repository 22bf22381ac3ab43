package io.celeriac.contract.workflow;

/** A value of a record on the workflows' topic. The record's key is the workflow's id. */
public sealed interface WorkflowRecord permits Workflow, GroupAppend, GroupComplete, WorkflowCommand {

    /** Id of the workflow, 1 to 64 characters. */
    String id();
}
