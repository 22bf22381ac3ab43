package io.celeriac.beat.declaration;

import io.celeriac.contract.InvalidTaskException;
import io.celeriac.contract.ScheduleDeclaration;
import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.declaration.Declarations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads declarations from the control topic, on a thread of its own, and has them applied. All schedulers read all of it, without a
 * consumer group; how far it has been applied is in the database, and whoever comes second passes a record over.
 *
 * <pre>
 * no topic yet      looks again every second: it comes with the first worker
 * broker away       says so once, tries again every second with another consumer
 * database away     the same; goes on with the first record that is not applied
 * unreadable        warns, and passes it over
 * topic made anew   has another id, and is read from its beginning
 * </pre>
 *
 * <p>What it waits for holds up neither the start of the program nor its firings.
 */
final class DeclarationReader implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeclarationReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TopicPartition partition;
    private final Admin admin;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Declarations declarations;
    private CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private boolean away; // the reader's thread only

    /**
     * @param topic the control topic
     * @param admin whose time-outs bound how long the reader waits for an answer
     * @param consumers that throw when their position is not there
     */
    DeclarationReader(
            String topic, Admin admin, Supplier<Consumer<byte[], byte[]>> consumers, Declarations declarations) {
        partition = new TopicPartition(topic, 0);
        this.admin = admin;
        this.consumers = consumers;
        this.declarations = declarations;
    }

    @Override
    public synchronized void start() {
        stop = new CountDownLatch(1);
        var signal = stop;
        var started = new Thread(() -> run(signal), "celeriac-declarations");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    private void run(CountDownLatch signal) {
        try {
            do {
                read(signal);
            } while (!signal.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when something is away, or the reader is stopped. */
    private void read(CountDownLatch signal) throws InterruptedException {
        try {
            var topicId = topicId();
            try (var own = consumers.get()) {
                consumer = own;
                own.assign(List.of(partition));
                var begin = Objects.requireNonNull(
                        own.beginningOffsets(List.of(partition)).get(partition));
                own.seek(partition, Math.max(begin, declarations.nextOffset(topicId)));
                while (signal.getCount() > 0) {
                    for (var record : own.poll(POLL)) {
                        apply(topicId, record);
                    }
                    back();
                }
            } finally {
                consumer = null;
            }
        } catch (WakeupException e) {
            LOG.debug("Stopped", e);
        } catch (ExecutionException e) {
            away(Objects.requireNonNullElse(e.getCause(), e));
        } catch (RuntimeException e) {
            away(e);
        }
    }

    private String topicId() throws InterruptedException, ExecutionException {
        var asked = admin.describeTopics(Set.of(partition.topic())).topicNameValues();
        return Objects.requireNonNull(asked.get(partition.topic()))
                .get()
                .topicId()
                .toString();
    }

    private void apply(String topicId, ConsumerRecord<byte[], byte[]> record) {
        var value = record.value();
        if (value == null
                || TaskJson.commandIn(value)
                        .filter(ScheduleDeclaration.COMMAND::equals)
                        .isEmpty()) {
            return; // an order for workers, or taken back
        }
        try {
            declarations.apply(topicId, record.offset(), TaskJson.declaration(value));
        } catch (InvalidTaskException e) {
            LOG.warn("Record {}/{} is no declaration: {}", partition, record.offset(), e.getMessage());
        }
    }

    private void away(Throwable error) {
        if (error instanceof UnknownTopicOrPartitionException) {
            LOG.debug("There is no topic {} yet", partition.topic());
            return;
        }
        if (!away) {
            LOG.warn("Declarations of schedules are not read for now: {}", error.toString());
        }
        LOG.debug("Tried again in {}", PAUSE, error);
        away = true;
    }

    private void back() {
        if (away) {
            LOG.info("Declarations of schedules are read again");
        }
        away = false;
    }

    @Override
    public synchronized void stop() {
        var running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        stop.countDown();
        var own = consumer;
        if (own != null) {
            own.wakeup();
        }
        try {
            running.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }
}
