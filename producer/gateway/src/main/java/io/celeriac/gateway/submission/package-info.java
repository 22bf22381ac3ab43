/** Submission of tasks: reads one or many from JSON, checks them, and sends them to the topic of their queue. */
@NullMarked
package io.celeriac.gateway.submission;

import org.jspecify.annotations.NullMarked;
