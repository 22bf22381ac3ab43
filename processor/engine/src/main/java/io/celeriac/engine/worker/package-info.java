/** The worker as a whole: one {@code KafkaStreams} per queue over one pool of threads, started and stopped with care. */
@NullMarked
package io.celeriac.engine.worker;

import org.jspecify.annotations.NullMarked;
