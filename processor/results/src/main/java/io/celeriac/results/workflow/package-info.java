/** Reads workflows, their nodes and the tasks of a node from the tables. */
@NullMarked
package io.celeriac.results.workflow;

import org.jspecify.annotations.NullMarked;
