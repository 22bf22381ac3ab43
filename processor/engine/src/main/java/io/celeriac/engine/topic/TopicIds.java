package io.celeriac.engine.topic;

import org.apache.kafka.common.Uuid;

/** The ids that the cluster has given to topics. Safe for use by several threads. */
@FunctionalInterface
public interface TopicIds {

    /** {@link Uuid#ZERO_UUID} where it is not known. */
    Uuid of(String topic);
}
