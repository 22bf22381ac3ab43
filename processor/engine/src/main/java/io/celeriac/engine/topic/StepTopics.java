package io.celeriac.engine.topic;

/** Makes sure that a topic exists before a next step is sent to it. May block, so stream threads use {@link StepCheck}. */
@FunctionalInterface
public interface StepTopics {

    /**
     * @throws UnknownQueueException when the cluster says that there is no such topic, and it may not be created
     * @throws RuntimeException when that could not be told or done; asking again later may help
     */
    void require(String topic);

    /** Forgets what is known of topics, so that the next call looks again. */
    default void forget() {}
}
