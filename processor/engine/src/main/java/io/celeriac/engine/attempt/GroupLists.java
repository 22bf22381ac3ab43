package io.celeriac.engine.attempt;

import io.celeriac.contract.workflow.GroupReference;
import java.util.Iterator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Where attempts read the results of a group that do not fit into a task's record. */
@FunctionalInterface
public interface GroupLists {

    /** For workers of tests that have none. */
    GroupLists NONE = reference -> {
        throw new IllegalStateException("the results of group " + reference.group() + " cannot be read here");
    };

    /** A list that is being read, some results at a time. */
    interface Reading extends Iterator<List<JsonNode>>, AutoCloseable {

        @Override
        void close();
    }

    /**
     * Begins to read a list. Called on the thread of an attempt, as are the methods of what it returns.
     *
     * @return closed at the end of the attempt
     */
    Reading open(GroupReference reference);
}
