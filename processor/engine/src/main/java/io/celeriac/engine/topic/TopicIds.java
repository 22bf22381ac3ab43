package io.celeriac.engine.topic;

import org.apache.kafka.common.Uuid;

/** The ids that the cluster has given to topics. Safe for use by several threads. */
@FunctionalInterface
public interface TopicIds {

    /** The id of a topic; {@link Uuid#ZERO_UUID} when it is not known. */
    Uuid of(String topic);
}
