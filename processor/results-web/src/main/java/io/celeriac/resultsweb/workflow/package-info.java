/** The REST calls of workflows: submitting, reading, revoking and retrying them. */
@NullMarked
package io.celeriac.resultsweb.workflow;

import org.jspecify.annotations.NullMarked;
