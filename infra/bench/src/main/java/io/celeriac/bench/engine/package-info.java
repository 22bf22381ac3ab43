/** The benchmark {@code engine}: what a worker does with tasks, beside what Kafka does without it. */
@NullMarked
package io.celeriac.bench.engine;

import org.jspecify.annotations.NullMarked;
