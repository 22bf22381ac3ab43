package io.celeriac.engine.stream;

import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.consumer.ConsumerGate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Pauses and resumes the input partition. Belongs to the stream thread. */
final class PartitionPause {

    private final TopicPartition source;
    private final @Nullable ConsumerGate gate;
    private final EngineMetrics metrics;
    private boolean paused;

    /**
     * @param gate null when there is none; nothing is then paused
     */
    PartitionPause(TopicPartition source, @Nullable ConsumerGate gate, EngineMetrics metrics) {
        this.source = source;
        this.gate = gate;
        this.metrics = metrics;
    }

    void begin() {
        if (!paused && gate != null) {
            paused = true;
            metrics.paused();
            gate.pause(source);
        }
    }

    void end() {
        if (paused && gate != null) {
            paused = false;
            gate.resume(source);
        }
    }
}
