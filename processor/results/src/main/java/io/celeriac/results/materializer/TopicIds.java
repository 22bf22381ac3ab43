package io.celeriac.results.materializer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the broker for the ids of topics. Safe for use by several threads. */
final class TopicIds implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;

    /**
     * @param admin closed with this
     */
    TopicIds(Admin admin) {
        this.admin = admin;
    }

    /**
     * The id of each existing topic, by its name.
     *
     * @throws KafkaException when the broker does not answer: try again
     */
    Map<String, String> of(Collection<String> topics) {
        var ids = new HashMap<String, String>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, description) -> {
            try {
                var id = description.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).topicId();
                ids.put(topic, id.toString());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new KafkaException("the id of topic " + topic + " is not known", e.getCause());
                }
            } catch (TimeoutException e) {
                throw new KafkaException("the id of topic " + topic + " is not known", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KafkaException("interrupted while asking for the id of topic " + topic, e);
            }
        });
        return ids;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
