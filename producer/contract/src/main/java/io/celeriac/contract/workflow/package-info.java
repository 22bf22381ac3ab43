/** Workflows: trees of tasks, and what the coordinator and the workers tell about them. */
@NullMarked
package io.celeriac.contract.workflow;

import org.jspecify.annotations.NullMarked;
