package io.celeriac.results.materializer;

import io.celeriac.results.loop.Loop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;
import org.springframework.kafka.listener.ConsumerSeekAware;

/**
 * Writes polls of a topic to the database, each in one transaction together with the offsets that it reached. When the stored offsets
 * have moved, it reads on from them.
 *
 * <p>An exception makes the container try the same poll again, paused but polling, so that the consumer stays in its group.
 */
final class PollListener implements BatchConsumerAwareMessageListener<byte[], byte[]>, ConsumerSeekAware {

    private static final Logger LOG = LoggerFactory.getLogger(PollListener.class);

    /** Writes a poll to the database. */
    interface Writer {

        /**
         * Writes the records and the advances in one transaction.
         *
         * @throws MovedPositionException when the stored offsets are not those from which the advances start; nothing was written
         * @throws DataAccessException when the database is unavailable
         */
        void write(List<ConsumerRecord<byte[], byte[]>> records, List<OffsetAdvance> advances);
    }

    private final Writer writer;
    private final StoredPositions positions;
    private final Loop loop;

    PollListener(Writer writer, StoredPositions positions, Loop loop) {
        this.writer = writer;
        this.positions = positions;
        this.loop = loop;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records, @Nullable Consumer<?, ?> consumer) {
        if (consumer == null) {
            throw new IllegalStateException("the container must pass its consumer to this listener");
        }
        try {
            write(records, consumer);
            loop.went();
        } catch (RuntimeException e) {
            loop.failed(place(records), e);
            throw e;
        }
    }

    private void write(List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        var settled = positions.settled(records, consumer);
        if (settled.isEmpty()) {
            return;
        }
        var advances = positions.advances(settled, consumer);
        try {
            writer.write(settled, advances);
            positions.advanced(advances);
        } catch (MovedPositionException e) {
            LOG.info("reading on from the stored position: {}", e.getMessage());
            positions.lookAgain(consumer);
        }
    }

    private static String place(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.isEmpty()
                ? "nothing"
                : records.get(0).topic() + "/" + records.get(0).partition() + "/"
                        + records.get(0).offset();
    }

    /**
     * Notices while no records come that the tables were emptied, and fills them again. Stores the positions of consumers that have
     * passed markers of transactions.
     *
     * @param assigned where the consumer reads on
     */
    @Override
    public void onIdleContainer(Map<TopicPartition, Long> assigned, ConsumerSeekCallback callback) {
        try {
            var moved = positions.follow(assigned.keySet(), callback);
            var reached = new HashMap<>(assigned);
            reached.keySet().removeAll(moved);
            var advances = positions.advances(reached);
            if (!advances.isEmpty()) {
                writer.write(List.of(), advances);
                positions.advanced(advances);
            }
            loop.went();
        } catch (MovedPositionException e) {
            LOG.info("the stored position has moved, and is read at the next look: {}", e.getMessage());
        } catch (RuntimeException e) {
            loop.failed("the end of its topics", e);
        }
    }
}
