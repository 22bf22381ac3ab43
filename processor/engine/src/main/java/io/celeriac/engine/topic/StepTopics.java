package io.celeriac.engine.topic;

/** Makes sure that a topic exists before a next step is sent to it. May block, so stream threads use {@link StepCheck}. */
@FunctionalInterface
public interface StepTopics {

    /**
     * @throws RuntimeException when the topic does not exist and could not be created
     */
    void require(String topic);
}
