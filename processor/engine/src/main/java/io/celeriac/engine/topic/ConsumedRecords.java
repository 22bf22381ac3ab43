package io.celeriac.engine.topic;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the records that a queue's workers took a while ago. The topic itself has no limit of age or size. Each worker of a queue does
 * so; the second finds nothing left to do.
 *
 * <p>A record is deleted when this worker saw it committed at least {@code keep} ago. The delay is for others that read the topic: the
 * materializer writes rows of waiting tasks from it, and a person may look into it. A reader that is further behind misses those
 * records; a task's outcome is in the results all the same.
 *
 * <p>For use by one thread.
 */
public final class ConsumedRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumedRecords.class);

    /** Samples in the time that records are kept. A record is deleted at most this part of that time too late. */
    private static final int SAMPLES = 4;

    private record Sample(Instant at, Map<TopicPartition, Long> committed) {}

    private final QueueTopics topics;
    private final Duration keep;
    private final InstantSource clock;
    private final Deque<Sample> samples = new ArrayDeque<>(); // oldest first; at most SAMPLES + 2

    /**
     * @param keep how long records stay after they were taken
     */
    public ConsumedRecords(QueueTopics topics, Duration keep, InstantSource clock) {
        this.topics = topics;
        this.keep = keep;
        this.clock = clock;
    }

    /** Whether it is time to {@link #look} again. */
    public boolean isDue() {
        var newest = samples.peekLast();
        return newest == null || !clock.instant().isBefore(newest.at.plus(keep.dividedBy(SAMPLES)));
    }

    /**
     * Deletes the records that were taken long enough ago.
     *
     * @throws IllegalStateException when the broker does not answer, or refuses to delete
     */
    public void look(Admin admin, QueueOffsets now) {
        samples.addLast(new Sample(clock.instant(), now.committed()));
        var enough = clock.instant().minus(keep);
        var taken = Map.<TopicPartition, Long>of();
        while (!samples.isEmpty() && !samples.getFirst().at.isAfter(enough)) {
            taken = samples.removeFirst().committed;
        }
        delete(admin, now, taken);
    }

    private void delete(Admin admin, QueueOffsets now, Map<TopicPartition, Long> taken) {
        var before = taken.entrySet().stream()
                .filter(entry -> entry.getValue() > now.starts().getOrDefault(entry.getKey(), Long.MAX_VALUE))
                .filter(entry -> entry.getValue() <= now.committed().getOrDefault(entry.getKey(), 0L))
                .collect(toMap(Map.Entry::getKey, entry -> RecordsToDelete.beforeOffset(entry.getValue())));
        if (!before.isEmpty()) {
            Answers.of(
                    "deleting the consumed records of " + topics.tasks(),
                    admin.deleteRecords(before).all());
            LOG.debug("Deleted the records of {} before {}", topics.tasks(), taken);
        }
    }
}
