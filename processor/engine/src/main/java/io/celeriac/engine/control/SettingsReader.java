package io.celeriac.engine.control;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.LiveSetting;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Puts the live settings on the settings topic in force. It reads the topic as {@link TopicReader} says. */
public final class SettingsReader implements AutoCloseable {

    private final LiveSettings settings;
    private final Consumer<LiveSetting> changed;
    private final TopicReader reader;

    /**
     * @param connection of the cluster
     * @param topic the settings topic
     * @param settings get each setting
     * @param changed is told of each setting that concerns this worker, once it is in {@code settings}, on the reader's thread
     * @param failed counts the consumers that have failed
     */
    public SettingsReader(
            Map<String, Object> connection,
            String topic,
            LiveSettings settings,
            Consumer<LiveSetting> changed,
            Counter failed) {
        this.settings = settings;
        this.changed = changed;
        this.reader = new TopicReader(connection, topic, this::carryOut, () -> {}, failed);
    }

    /**
     * Starts, and waits until all settings are known, so that nothing of a paused queue begins.
     *
     * @throws IllegalStateException when nothing comes for {@code patience} and the end is not reached
     */
    public void start(Duration patience) throws InterruptedException {
        reader.start(patience);
    }

    /** Why the topic, and so any change, cannot be read at the moment; empty while all is well. */
    public Optional<String> trouble() {
        return reader.trouble();
    }

    /** Whether three consumers have failed in a row. The reader still tries. */
    public boolean isDown() {
        return reader.isDown();
    }

    private void carryOut(ConsumerRecord<byte[], byte[]> record) {
        var setting = TaskJson.liveSetting(record.value());
        if (settings.concerns(setting)) {
            settings.put(setting);
            changed.accept(setting);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
