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
 * Creates the topic of a queue before its first task, and knows the partition of a task. For use by one thread, except {@link
 * #answered}.
 *
 * <p>A mistyped queue gets a topic too, and its tasks wait there. The gateway refuses a schedule with an unknown queue. Schedules from
 * SQL, code or import are not checked, since an application may declare them before the first worker of their queue starts. Nothing is
 * lost either way: a topic keeps its tasks until a worker takes them.
 */
final class QueueTopics implements Queues {

    private final Admin admin;
    private final TopicProperties settings;
    private final Map<String, Integer> partitions = new ConcurrentHashMap<>();

    /**
     * @param admin its timeouts limit how long this class waits
     */
    QueueTopics(Admin admin, TopicProperties settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** Asks the broker only once for each queue. */
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
