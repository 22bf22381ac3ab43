package io.celeriac.beat.declaration;

import io.celeriac.beat.loop.Loop;
import io.celeriac.beat.loop.Loops;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.schedule.declaration.Declarations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Reads declarations from the control topic on its own thread, and has them applied. All schedulers read the whole topic, without a
 * consumer group. The database has the position, and a scheduler that comes second skips a record.
 *
 * <pre>
 * no topic yet      looks again every second: the first worker creates it
 * broker away       tries again with another consumer; see Loop
 * database away     the same; continues with the first record that is not applied
 * unreadable        warns, and skips it; so with a record that causes any other fault
 * topic made anew   has another id, and is read from its start within about ten seconds
 * </pre>
 *
 * <p>Its waiting delays neither the start of the program nor its firings.
 */
final class DeclarationReader implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeclarationReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How many turns, of at most a second, it trusts that the topic is still the one that it opened. */
    private static final int TRUST = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TopicPartition partition;
    private final Admin admin;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Declarations declarations;
    private final Loop loop;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile boolean running;
    private String topicId = ""; // the reader's thread only, and so is the other
    private int turns;

    /**
     * @param topic the control topic
     * @param admin its timeouts limit how long the reader waits
     * @param consumers throw if their position does not exist
     */
    DeclarationReader(
            String topic,
            Admin admin,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Declarations declarations,
            Loops loops) {
        partition = new TopicPartition(topic, 0);
        this.admin = admin;
        this.consumers = consumers;
        this.declarations = declarations;
        loop = loops.of("celeriac-declarations", this::turn, this::end);
    }

    @Override
    public void start() {
        running = true;
        loop.start();
    }

    /** One turn: returns after a while without records, or after applying some. */
    private Duration turn() throws Exception {
        try {
            for (var record : opened().poll(POLL)) {
                apply(topicId, record);
            }
            return Duration.ZERO;
        } catch (WakeupException e) {
            LOG.debug("Stopped", e);
            return Duration.ZERO;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                LOG.debug("There is no topic {} yet", partition.topic());
                end();
                return PAUSE;
            }
            throw e;
        } catch (Throwable e) {
            end();
            throw e;
        }
    }

    private Consumer<byte[], byte[]> opened() throws ExecutionException, InterruptedException {
        if (++turns >= TRUST) {
            turns = 0;
            if (!topicId().equals(topicId)) { // which its consumer does not see once the new one is as long
                end();
            }
        }
        var there = consumer;
        if (there != null) {
            return there;
        }
        topicId = topicId();
        var own = consumers.get();
        consumer = own; // from here on it is closed when anything fails
        own.assign(List.of(partition));
        var begin =
                Objects.requireNonNull(own.beginningOffsets(List.of(partition)).get(partition));
        own.seek(partition, Math.max(begin, declarations.nextOffset(topicId)));
        return own;
    }

    private void end() {
        var own = consumer;
        consumer = null;
        if (own != null) {
            own.close(CloseOptions.timeout(PAUSE));
        }
    }

    private String topicId() throws InterruptedException, ExecutionException {
        var asked = admin.describeTopics(Set.of(partition.topic())).topicNameValues();
        return Objects.requireNonNull(asked.get(partition.topic()))
                .get()
                .topicId()
                .toString();
    }

    /** Applies a record. Any error is logged and the record skipped, unless the database is away. */
    private void apply(String id, ConsumerRecord<byte[], byte[]> record) {
        var value = record.value();
        try {
            if (value != null
                    && TaskJson.commandIn(value)
                            .filter(ScheduleDeclaration.COMMAND::equals)
                            .isPresent()) { // otherwise a command for workers, or deleted
                declarations.apply(id, record.offset(), TaskJson.declaration(value));
            }
        } catch (InvalidTaskException e) {
            LOG.warn("Record {}/{} is no declaration: {}", partition, record.offset(), e.getMessage());
        } catch (DataAccessException | TransactionException e) {
            throw new IllegalStateException(
                    "the declaration at " + partition + "/" + record.offset() + " is not applied: " + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            LOG.error("Record {}/{} is skipped, since it cannot be applied", partition, record.offset(), e);
        }
    }

    @Override
    public void stop() {
        running = false;
        loop.stop();
        var own = consumer;
        if (own != null) {
            own.wakeup();
        }
        try {
            if (!loop.join(PATIENCE)) {
                LOG.warn("A declaration in hand was not applied within {}; it comes again", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
