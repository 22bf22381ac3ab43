package io.celeriac.beat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that did not take a task in time, and queues that take no task at all. After a failure nothing is sent there for one second, then
 * for two, up to five, so that they delay only their own firings. Safe for use by several threads.
 */
final class SickPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(SickPartitions.class);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** At most as many as there are queues and partitions. */
    private final Map<Place, Pause> pauses = new ConcurrentHashMap<>();

    /** A partition of a queue, or all of them. */
    record Place(String queue, int partition) {

        private static final int ANY = -1;

        /** The topic of commands to workers. */
        static final Place OF_ORDERS = new Place("", ANY);

        /** Any partition of a queue. */
        static Place anyOf(String queue) {
            return new Place(queue, ANY);
        }

        @Override
        public String toString() {
            return equals(OF_ORDERS)
                    ? "The control topic"
                    : (partition == ANY ? "Queue " : "Partition " + partition + " of queue ") + queue;
        }
    }

    private record Pause(Instant until, Duration length) {}

    boolean isSick(Place place, Instant now) {
        var pause = pauses.get(place);
        return pause != null && pause.until.isAfter(now);
    }

    /** Whether the last try failed. */
    boolean isSuspect(Place place) {
        return pauses.containsKey(place);
    }

    void failed(Place place, Instant now) {
        pauses.compute(place, (key, before) -> {
            if (before == null) {
                LOG.warn("{} takes nothing; the firings that need it wait", place);
                return new Pause(now.plus(FIRST_PAUSE), FIRST_PAUSE);
            }
            if (before.until.isAfter(now)) { // another task of the same try
                return before;
            }
            var doubled = before.length.multipliedBy(2);
            var length = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            return new Pause(now.plus(length), length);
        });
    }

    void answered(Place place) {
        if (pauses.remove(place) != null) {
            LOG.info("{} takes something again", place);
        }
    }
}
