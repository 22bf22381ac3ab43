package io.celeriac.engine.control;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the commands on the control topic. It reads the topic as {@link TopicReader} says.
 *
 * <p>The topic also has commands for others, such as the schedulers; those are passed over.
 */
public final class ControlReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);

    private final RevokedTasks revoked;
    private final Listener listener;
    private final TopicReader reader;

    /** Is told of each command, on the reader's thread, also of those from before the start. */
    public interface Listener {

        /** A task is not to run. */
        void revoked(Command command);

        /** A queue is to be purged. */
        void purged(PurgeCommand command);

        /** A worker, perhaps another one, is told to do something. */
        void told(WorkerCommand command);
    }

    /**
     * @param connection of the cluster
     * @param topic the control topic
     * @param revoked gets the ids of revoked tasks, and the fences of purged queues
     * @param failed counts the consumers that have failed
     */
    public ControlReader(
            Map<String, Object> connection,
            String topic,
            RevokedTasks revoked,
            Listener listener,
            InstantSource clock,
            Counter failed) {
        this.revoked = revoked;
        this.listener = listener;
        this.reader =
                new TopicReader(connection, topic, this::carryOut, () -> revoked.forgetOld(clock.instant()), failed);
    }

    ControlReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            String topic,
            RevokedTasks revoked,
            Listener listener,
            InstantSource clock,
            Counter failed,
            Duration backoff) {
        this.revoked = revoked;
        this.listener = listener;
        this.reader = new TopicReader(
                consumers, topic, this::carryOut, () -> revoked.forgetOld(clock.instant()), failed, backoff);
    }

    /**
     * Starts, and waits until all earlier commands are known, so that no revoked task runs after the start.
     *
     * @throws IllegalStateException when nothing comes for {@code patience} and the end is not reached
     */
    public void start(Duration patience) throws InterruptedException {
        reader.start(patience);
    }

    /** Why the topic, and so any command, cannot be read at the moment; empty while all is well. */
    public Optional<String> trouble() {
        return reader.trouble();
    }

    /** Whether three consumers have failed in a row. The reader still tries. */
    public boolean isDown() {
        return reader.isDown();
    }

    private void carryOut(ConsumerRecord<byte[], byte[]> record) {
        var word = TaskJson.commandIn(record.value()).orElse("");
        var at = Instant.ofEpochMilli(record.timestamp());
        if (word.equals(PurgeCommand.COMMAND)) {
            var purge = TaskJson.purge(record.value());
            revoked.purge(purge, at);
            listener.purged(purge);
        } else if (WorkerCommand.Kind.isOne(word)) {
            listener.told(TaskJson.workerCommand(record.value()));
        } else if (word.isEmpty() || Command.Kind.isOne(word)) {
            revoke(TaskJson.command(record.value()), at);
        } else {
            LOG.debug("a command for others: {}", word);
        }
    }

    private void revoke(Command command, Instant at) {
        revoked.add(command.id(), at);
        listener.revoked(command);
    }

    @Override
    public void close() {
        reader.close();
    }
}
