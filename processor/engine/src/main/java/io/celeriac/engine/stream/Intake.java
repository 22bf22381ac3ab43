package io.celeriac.engine.stream;

import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.consumer.ConsumerGate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Whether the partition gives records at the moment. Belongs to the stream thread. */
final class Intake {

    private final TopicPartition source;
    private final @Nullable ConsumerGate gate;
    private final EngineMetrics metrics;
    private boolean paused;

    /**
     * @param gate null where there is none, and nothing is ever paused
     */
    Intake(TopicPartition source, @Nullable ConsumerGate gate, EngineMetrics metrics) {
        this.source = source;
        this.gate = gate;
        this.metrics = metrics;
    }

    void pause() {
        if (!paused && gate != null) {
            paused = true;
            metrics.paused();
            gate.pause(source);
        }
    }

    void resume() {
        if (paused && gate != null) {
            paused = false;
            gate.resume(source);
        }
    }
}
