/**
 * Conditions on tasks, as a tree. The same {@link io.celeriac.results.condition.TaskCondition} becomes SQL over the tables and a
 * predicate over a result in memory.
 */
@NullMarked
package io.celeriac.results.condition;

import org.jspecify.annotations.NullMarked;
