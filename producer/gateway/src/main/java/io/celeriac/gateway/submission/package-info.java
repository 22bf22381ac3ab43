/** Tasks in: one or many are read from JSON, checked, and sent to the topic of their queue. */
@NullMarked
package io.celeriac.gateway.submission;

import org.jspecify.annotations.NullMarked;
