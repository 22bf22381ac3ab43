package io.celeriac.resultsweb.workflow;

import org.jspecify.annotations.Nullable;

/**
 * A node of a workflow with a page of its children.
 *
 * @param node has these children
 * @param cursor for the next page of children; null when this is the last
 */
public record NodeList(NodeView node, @Nullable String cursor) {}
