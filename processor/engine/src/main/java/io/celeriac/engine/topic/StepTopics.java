package io.celeriac.engine.topic;

/** Makes sure that a topic exists before a next step is sent to it. Called on attempts' threads, and may block. */
@FunctionalInterface
public interface StepTopics {

    /**
     * @throws RuntimeException when it does not, and could not be created
     */
    void require(String topic);
}
