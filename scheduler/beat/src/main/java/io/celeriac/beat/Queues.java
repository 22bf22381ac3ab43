package io.celeriac.beat;

import io.celeriac.beat.SickPartitions.Place;
import java.util.Optional;

/** The queues that a scheduler sends to. */
interface Queues {

    /**
     * Creates the topic of a queue if it does not exist.
     *
     * @throws RuntimeException if the broker does not answer, or the topic cannot be created or contradicts the settings
     */
    void require(String queue);

    /** The partition of a task with this id and no other key; empty if unknown. */
    Optional<Place> place(String queue, String id);

    /** Tells that a partition took a task. An unknown partition shows that the topic has grown. Called by any thread. */
    void answered(Place place);

    /** Makes the next task ask the broker again: the topic may be gone. */
    void forget(String queue);
}
