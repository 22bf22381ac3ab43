/** Reads the results of groups that do not fit into a task's record. */
@NullMarked
package io.celeriac.engine.group;

import org.jspecify.annotations.NullMarked;
