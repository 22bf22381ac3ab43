package io.celeriac.beat;

import io.celeriac.beat.SickPartitions.Place;
import java.util.Optional;

/** What has to be known of queues to send to them. */
interface Queues {

    /**
     * Has a queue be there before the first task goes to it.
     *
     * @throws RuntimeException when the broker does not answer, or the topic cannot be or contradicts the settings
     */
    void require(String queue);

    /** Where a producer puts a task of this id, which has no other key; empty when that is not known. */
    Optional<Place> place(String queue, String id);

    /** A task was put there: a partition that is not known yet shows that the topic has grown. Called by any thread. */
    void answered(Place place);

    /** Has the broker asked again: the topic may be gone. */
    void forget(String queue);
}
