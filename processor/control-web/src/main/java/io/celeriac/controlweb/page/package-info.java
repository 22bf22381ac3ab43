/** The pages of queues and workers, and the form that sends a task. */
@NullMarked
package io.celeriac.controlweb.page;

import org.jspecify.annotations.NullMarked;
