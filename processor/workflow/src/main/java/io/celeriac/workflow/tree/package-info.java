/** What happens to a tree of tasks: pure logic over a store, without Kafka, threads or a clock of its own. */
@NullMarked
package io.celeriac.workflow.tree;

import org.jspecify.annotations.NullMarked;
