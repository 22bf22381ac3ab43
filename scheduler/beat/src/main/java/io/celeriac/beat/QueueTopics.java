package io.celeriac.beat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.beat.SickPartitions.Place;
import io.celeriac.contract.topic.TopicProperties;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * Sees to it that a queue's topic is there before the first task goes to it, and knows which partition a task goes to. For use by one
 * thread, but {@link #answered}.
 *
 * <p>It makes the topic of a queue that has none, so a queue that is mistyped gets one too, and its tasks wait there. The gateway
 * refuses such a schedule as it is made; what comes by SQL, in code or by import is not asked about, as an application may declare its
 * schedules before the first worker of their queue has started. Nothing is lost either way: a topic keeps its tasks until they are
 * taken.
 */
final class QueueTopics implements Queues {

    private final Admin admin;
    private final TopicProperties settings;
    private final Map<String, Integer> partitions = new ConcurrentHashMap<>();

    /**
     * @param admin whose time-outs bound how long this class waits
     */
    QueueTopics(Admin admin, TopicProperties settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** Asks the broker once for each queue. */
    @Override
    public void require(String queue) {
        if (!partitions.containsKey(queue)) {
            settings.provisionQueue(admin, queue);
            partitions.put(queue, count(settings.topics().tasks(queue)));
        }
    }

    private int count(String topic) {
        try {
            return Objects.requireNonNull(admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic))
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic " + topic + " cannot be described: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public Optional<Place> place(String queue, String id) {
        return Optional.ofNullable(partitions.get(queue))
                .map(count -> new Place(queue, BuiltInPartitioner.partitionForKey(id.getBytes(UTF_8), count)));
    }

    @Override
    public void answered(Place place) {
        partitions.computeIfPresent(place.queue(), (queue, count) -> place.partition() < count ? count : null);
    }

    @Override
    public void forget(String queue) {
        partitions.remove(queue);
    }
}
