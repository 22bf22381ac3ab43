/** The coordinator as an application of Kafka Streams. */
@NullMarked
package io.celeriac.workflow.stream;

import org.jspecify.annotations.NullMarked;
