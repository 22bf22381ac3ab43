package io.celeriac.client.result;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** Opens the consumers of a {@link ResultReader}, each with {@code read_committed} and without a group. Called on the reader's threads. */
@FunctionalInterface
public interface ConsumerSource {

    /**
     * @param settings that go before others
     */
    Consumer<byte[], byte[]> open(Map<String, Object> settings);
}
