package io.celeriac.web.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Creates consumers of whole topics: read_committed, without a group, with records as bytes. Safe for use by several threads.
 * Each consumer is for one thread, and the caller closes it.
 */
public final class TopicConsumers {

    private final Map<String, Object> config;
    private final String clientIdPrefix;

    /**
     * @param config of a consumer, without effect on the properties above
     */
    TopicConsumers(Map<String, Object> config, String clientIdPrefix) {
        this.config = new HashMap<>(config);
        this.clientIdPrefix = clientIdPrefix;
    }

    /**
     * Opens a consumer.
     *
     * @param purpose becomes part of the client's id
     * @param offsetReset where it begins without an offset, or with one that no longer exists: {@code earliest},
     *     {@code latest}, or {@code none} for an exception
     * @param fetchBytes most bytes of one answer of a broker, which it holds in memory; a larger record is still fetched
     */
    public Consumer<byte[], byte[]> open(String purpose, String offsetReset, int fetchBytes) {
        var own = new HashMap<>(config);
        own.remove(ConsumerConfig.GROUP_ID_CONFIG);
        own.put(ConsumerConfig.CLIENT_ID_CONFIG, clientIdPrefix + "." + purpose + "." + UUID.randomUUID());
        own.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        own.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, offsetReset);
        own.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes);
        own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(own);
    }
}
