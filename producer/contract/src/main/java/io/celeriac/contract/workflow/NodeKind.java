package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of nodes of a workflow. The word of each is the name of its field in JSON. */
public enum NodeKind {
    /** One task. */
    TASK,
    /** Nodes that run one after another; each gets the result of the one before. */
    CHAIN,
    /** Nodes that run at the same time; the result is the list of their results, in order. */
    GROUP,
    /** A group and a body, which runs once when all members have succeeded, and gets the list of their results. */
    CHORD,
    /** A group of one task for each item; the item is the task's first argument. */
    MAP,
    /** A group of one task for each item; the item is the list of the task's arguments. */
    STARMAP,
    /** A group of parts of a starmap. The items of a part run one after another; the result is a list for each part. */
    CHUNKS;

    /** The word for it in JSON. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the task is given once, with items. */
    public boolean hasItems() {
        return this == MAP || this == STARMAP || this == CHUNKS;
    }

    /** Whether its children run at the same time. */
    public boolean isGroup() {
        return this == GROUP || hasItems();
    }
}
