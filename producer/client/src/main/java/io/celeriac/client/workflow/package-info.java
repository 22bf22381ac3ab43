/** Workflows: composing tasks, sending them, and waiting for the whole. */
@NullMarked
package io.celeriac.client.workflow;

import org.jspecify.annotations.NullMarked;
