package io.celeriac.badhouse;

import org.apache.kafka.streams.KafkaStreams;

final class Streaming {

    void stop(KafkaStreams streams) {
        streams.close();
    }
}
