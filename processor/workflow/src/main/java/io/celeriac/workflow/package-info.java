/** The coordinator of workflows. It sends the tasks of a tree in their order, and tells how the tree ends. */
@NullMarked
package io.celeriac.workflow;

import org.jspecify.annotations.NullMarked;
