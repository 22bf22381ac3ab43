package io.celeriac.web.queue;

import java.util.List;

/** Tells how full the queues are, for the module that keeps it. Another module knows it. */
@FunctionalInterface
public interface QueueDepths {

    /**
     * All queues, now. Blocks for some seconds at most.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker does not answer
     */
    List<QueueDepth> now();
}
