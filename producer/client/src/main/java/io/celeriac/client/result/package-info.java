/** Reads the results topic for the task handles of a process. */
@NullMarked
package io.celeriac.client.result;

import org.jspecify.annotations.NullMarked;
