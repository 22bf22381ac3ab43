/**
 * The topics that a worker depends on: their partitions, sizes, offsets and ids on the broker.
 *
 * <p>The classes here call the broker and wait for it. No stream thread may call them, except {@link
 * io.celeriac.engine.topic.StepCheck} and {@link io.celeriac.engine.topic.TopicIds}, which answer at once.
 */
@NullMarked
package io.celeriac.engine.topic;

import org.jspecify.annotations.NullMarked;
