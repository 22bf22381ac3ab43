package io.celeriac.engine.consumer;

import static java.util.stream.Collectors.toSet;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between a stream thread and its main consumer, and adds what Streams has no call for:
 *
 * <ul>
 *   <li>a poll that returns as soon as an attempt has ended or a timer is due, instead of waiting for records;
 *   <li>pauses of our own, beside those of Streams: a partition is paused while either has paused it;
 *   <li>notice of a partition's revocation while its offsets and its store can still be committed;
 *   <li>commits without stale offsets, see {@link #withoutStale}, and no commit where nothing is new;
 *   <li>the {@link CommitGuard}.
 * </ul>
 *
 * <p>Any thread may call {@link #signal}; everything else belongs to the stream thread. The wake-up of {@code signal} may arrive
 * when poll has just returned. It would then break the next blocking call, which is fatal to Streams. Every other call therefore
 * repeats itself when it is woken (spring-kafka has the same problem in its issue 4622).
 */
public final class ConsumerGate {

    /** A partition of this stream thread, implemented by its processor. */
    public interface Partition {

        /** The input partition. */
        TopicPartition source();

        /** Whether it has something to do at once. */
        boolean hasWork();

        /** Does whatever does not need a pass of Streams; called before the thread waits. */
        void beforePoll();

        /** Whether a pass must come before the next poll, because the partition may be revoked in that poll. */
        boolean owesPass();

        /** Whether any of its tasks waits for a thread or runs. */
        boolean isBusy();

        /** When it has something to do next; null where only a record or an attempt can bring it. */
        @Nullable
        Instant nextDue();

        /** Takes what attempts have ended, so that less has to be logged; called before the stores of the thread are logged. */
        void settle();

        /** Logs what has changed in its store. */
        void log();

        /** Whether {@link #log} has more to log than before its last call, but for what changes with time. */
        boolean hasChanges();

        /** Whether its store has tasks that are not in the changelog. */
        boolean hasUnlogged();

        /** Begins nothing more, because the partition goes to another owner. */
        void drain();

        /**
         * Logs for the next owner, for the last time.
         *
         * @param patience how long to wait for running attempts
         * @return whether the revocation must commit for it, even if Streams sees no need
         */
        boolean handOver(Duration patience);

        /** Logs nothing more, because the partition has gone to another owner without notice. */
        void lost();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerGate.class);
    private static final ThreadLocal<@Nullable ConsumerGate> OF_THREAD = new ThreadLocal<>();

    private final Consumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final Duration drainTimeout;
    private final Duration sessionTimeout;
    private final LongSupplier sent;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private long sentAtCommit = -1;
    private Instant memberAt; // when this thread was last known to be a member of the group
    private final List<Partition> partitions = new CopyOnWriteArrayList<>();
    private final Set<TopicPartition> pausedByUs = new HashSet<>();
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();
    private final Set<TopicPartition> commitForced = new HashSet<>();
    private final Set<Partition> loggedTogether = new HashSet<>(); // with another, in the commit that is being made
    private @Nullable Instant commitOwedAt;
    private boolean lastPollWasEmpty;
    private boolean lastPollWasPutOff;
    private Runnable beforeReset = () -> {};

    private final Object wakeLock = new Object();
    private boolean polling; // guarded by wakeLock
    private boolean woken; // guarded by wakeLock

    /**
     * @param drainTimeout how long a revocation waits for running attempts; well below {@code max.poll.interval.ms}
     * @param sessionTimeout after how long a silence the group considers the thread dead
     * @param sent how many records the stream thread has ever sent
     */
    ConsumerGate(
            Consumer<byte[], byte[]> consumer,
            InstantSource clock,
            Duration drainTimeout,
            Duration sessionTimeout,
            LongSupplier sent) {
        this.consumer = consumer;
        this.clock = clock;
        this.drainTimeout = drainTimeout;
        this.sessionTimeout = sessionTimeout;
        this.memberAt = clock.instant();
        this.sent = sent;
    }

    /** A consumer for {@link org.apache.kafka.streams.KafkaClientSupplier#getConsumer}. */
    public static Consumer<byte[], byte[]> around(
            Consumer<byte[], byte[]> consumer,
            InstantSource clock,
            Duration drainTimeout,
            Duration sessionTimeout,
            LongSupplier sent) {
        return new ConsumerGate(consumer, clock, drainTimeout, sessionTimeout, sent).gated();
    }

    /** The consumer as Streams is to see it. */
    @SuppressWarnings("unchecked")
    Consumer<byte[], byte[]> gated() {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                ConsumerGate.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                (proxy, method, arguments) -> invoke(method, arguments == null ? new Object[0] : arguments));
    }

    /**
     * The gate of the calling stream thread; null where there is none, as in Streams' own test driver. It is known from
     * the first poll, so call it from a processor's {@code init} and not from a store's, which may run on another thread.
     */
    public static @Nullable ConsumerGate ofThread() {
        return OF_THREAD.get();
    }

    void beforeReset(Runnable listener) {
        beforeReset = listener;
    }

    public void open(Partition partition) {
        partitions.add(partition);
    }

    public void close(Partition partition) {
        partitions.remove(partition);
        loggedTogether.remove(partition);
        pausedByUs.remove(partition.source());
    }

    /**
     * Logs the stores of all partitions of the thread at once, so that the thread waits for the broker once, and not for each of them.
     *
     * @return false when the partition is not open here, so that its store was not logged
     */
    public boolean logStores(Partition asking) {
        if (!partitions.contains(asking)) {
            return false;
        }
        if (loggedTogether.remove(asking) && !asking.hasChanges()) {
            return true;
        }
        partitions.forEach(Partition::settle);
        for (var partition : partitions) {
            try {
                partition.log();
            } catch (TaskCorruptedException e) {
                if (partition == asking) {
                    throw e;
                }
                LOG.debug("{} fails when its own turn comes", partition.source(), e);
            }
        }
        loggedTogether.addAll(partitions);
        loggedTogether.remove(asking);
        return true;
    }

    /** Makes the poll in progress return. */
    public void signal() {
        synchronized (wakeLock) {
            if (polling && !woken) {
                woken = true;
                consumer.wakeup();
            }
        }
    }

    /** Takes no more records of a partition until {@link #resume}. */
    public void pause(TopicPartition partition) {
        if (pausedByUs.add(partition)) {
            consumer.pause(Set.of(partition));
        }
    }

    public void resume(TopicPartition partition) {
        if (pausedByUs.remove(partition)
                && !pausedByStreams.contains(partition)
                && consumer.assignment().contains(partition)) {
            consumer.resume(Set.of(partition));
        }
    }

    /** Whether no task waits for a thread or runs, in any partition of the stream thread. */
    public boolean isAtRest() {
        return partitions.stream().noneMatch(Partition::isBusy);
    }

    /** Whether the last poll brought no records. */
    public boolean lastPollWasEmpty() {
        return lastPollWasEmpty;
    }

    /** Makes the poll return by an instant, so that published records are committed. */
    public void commitOwedAt(Instant instant) {
        if (commitOwedAt == null) {
            commitOwedAt = instant;
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object invoke(Method method, Object[] arguments) throws Exception {
        return switch (method.getName()) {
            case "poll" -> poll((Duration) arguments[0]);
            case "resume" -> resumeForStreams((Collection<TopicPartition>) arguments[0]);
            case "position" -> position(method, arguments);
            case "commitSync" -> commitSync(method, arguments);
            default -> {
                prepare(method, arguments);
                yield repeatedWhenWoken(() -> call(method, arguments));
            }
        };
    }

    @SuppressWarnings("unchecked")
    private void prepare(Method method, Object[] arguments) {
        switch (method.getName()) {
            case "seekToBeginning" -> beforeReset.run();
            case "pause" -> pausedByStreams.addAll((Collection<TopicPartition>) arguments[0]);
            case "subscribe" -> {
                if (arguments.length == 2 && arguments[1] instanceof ConsumerRebalanceListener listener) {
                    arguments[1] = new RevocationListener(listener);
                }
            }
            default -> {
                // goes through as it is
            }
        }
    }

    /** Commits only what may and must be committed; Streams always passes the offsets. */
    @SuppressWarnings("unchecked")
    private @Nullable Object commitSync(Method method, Object[] arguments) throws Exception {
        var offsets = checked((Map<TopicPartition, OffsetAndMetadata>) arguments[0]);
        if (isCommitted(offsets)) {
            return null;
        }
        arguments[0] = offsets;
        repeatedWhenWoken(() -> call(method, arguments));
        committed(offsets);
        return null;
    }

    /**
     * Whether a commit would change nothing, because these offsets are committed and nothing was sent since. Streams asks for a commit
     * whenever a timer has fired, so a worker with long attempts would otherwise commit all day long.
     */
    boolean isCommitted(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return sent.getAsLong() == sentAtCommit && committed.entrySet().containsAll(offsets.entrySet());
    }

    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        committed.putAll(offsets);
        sentAtCommit = sent.getAsLong();
    }

    /** The offset of a partition that this thread has committed; null for none since it got the partition. */
    @Nullable
    public Long committedOffset(TopicPartition partition) {
        var offset = committed.get(partition);
        return offset == null ? null : offset.offset();
    }

    /**
     * Makes sure that this thread still owns its partitions. A process that was suspended may have lost them without knowing, and would
     * then log after their new owners have logged. A thread that has not polled for a whole session asks the group, by a commit that
     * changes nothing.
     *
     * @throws TaskMigratedException when it does not own them any more
     */
    public void requireMembership() {
        var silent = Duration.between(memberAt, clock.instant());
        if (silent.compareTo(sessionTimeout) <= 0) {
            return;
        }
        LOG.info("no poll for {} ms: asking whether the partitions are still here", silent.toMillis());
        try {
            this.<Void, RuntimeException>repeatedWhenWoken(() -> {
                consumer.commitSync(committedByGroup());
                return null;
            });
        } catch (RebalanceInProgressException e) {
            LOG.debug("still a member, in a rebalance", e);
        } catch (CommitFailedException e) {
            throw new TaskMigratedException("the partitions have moved to another worker", e);
        }
        memberAt = clock.instant();
    }

    /** The offsets that this thread has committed; where it has none, those of the group; where that has none, the beginning. */
    private Map<TopicPartition, OffsetAndMetadata> committedByGroup() {
        var offsets = new HashMap<>(committed);
        var others = partitions.stream()
                .map(Partition::source)
                .filter(source -> !offsets.containsKey(source))
                .collect(toSet());
        if (!others.isEmpty()) {
            consumer.committed(others).forEach((source, offset) -> {
                if (offset != null) {
                    offsets.put(source, offset);
                }
            });
            others.removeAll(offsets.keySet());
            consumer.beginningOffsets(others)
                    .forEach((source, offset) -> offsets.put(source, new OffsetAndMetadata(offset)));
        }
        return offsets;
    }

    /** The generation of the group, or the member's epoch in it: it grows whenever partitions move. */
    public int generation() {
        return consumer.groupMetadata().generationId();
    }

    /**
     * The offsets that may be committed.
     *
     * @throws CommitGuard.Violation when a store has not logged its tasks
     */
    Map<TopicPartition, OffsetAndMetadata> checked(Map<TopicPartition, OffsetAndMetadata> offsets) {
        CommitGuard.check(partitions, offsets.keySet());
        return withoutStale(offsets);
    }

    /**
     * Removes offsets beyond the position. A task that Streams revives after a failure goes back to the committed offset, but still has
     * the offsets that it had consumed before (4.3.1: {@code StreamTask.revive} does not clear them). Until it has read on, a commit
     * would commit those, and a second failure would lose the records in between. A revived task has not read beyond its position.
     */
    private Map<TopicPartition, OffsetAndMetadata> withoutStale(Map<TopicPartition, OffsetAndMetadata> offsets) {
        var fresh = new HashMap<>(offsets);
        fresh.entrySet().removeIf(entry -> {
            var position = position(entry.getKey());
            var stale = entry.getValue().offset() > position;
            if (stale) {
                LOG.info("{} is at {}, so {} is not committed", entry.getKey(), position, entry.getValue());
            }
            return stale;
        });
        return fresh;
    }

    /** The position; known without asking the broker, except shortly after the partition's leader has changed. */
    private long position(TopicPartition partition) {
        return Objects.requireNonNull(
                this.<Long, RuntimeException>repeatedWhenWoken(() -> consumer.position(partition)));
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        OF_THREAD.set(this);
        synchronized (wakeLock) {
            polling = true;
            woken = false;
        }
        commitForced.clear();
        loggedTogether.clear();
        lastPollWasEmpty = true;
        try {
            partitions.forEach(Partition::beforePoll);
            if (putsPollOff()) {
                return ConsumerRecords.empty();
            }
            var records = consumer.poll(bounded(timeout)); // looks for work once polling is set, to miss no signal
            heard();
            lastPollWasEmpty = records.isEmpty();
            return records;
        } catch (WakeupException e) {
            heard();
            return ConsumerRecords.empty();
        } finally {
            synchronized (wakeLock) {
                polling = false;
            }
        }
    }

    /** Notes the membership, unless the poll took longer than a session: the process may have been suspended in it. */
    private void heard() {
        var now = clock.instant();
        if (Duration.between(memberAt, now).compareTo(sessionTimeout) <= 0) {
            memberAt = now;
        }
    }

    /** Whether to skip this poll. Never skips two in a row; otherwise the group would consider the thread dead. */
    private boolean putsPollOff() {
        lastPollWasPutOff = !lastPollWasPutOff && partitions.stream().anyMatch(Partition::owesPass);
        return lastPollWasPutOff;
    }

    private Duration bounded(Duration timeout) {
        var now = clock.instant();
        var until = now.plus(timeout);
        for (var partition : partitions) {
            if (partition.hasWork()) {
                return Duration.ZERO;
            }
            until = earlier(until, partition.nextDue());
        }
        until = earlier(until, commitOwedAt);
        if (commitOwedAt != null && !commitOwedAt.isAfter(now)) {
            commitOwedAt = null; // once is enough: the pass that follows this poll commits
        }
        return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
    }

    private static Instant earlier(Instant one, @Nullable Instant other) {
        return other == null || one.isBefore(other) ? one : other;
    }

    private @Nullable Object resumeForStreams(Collection<TopicPartition> resumed) {
        pausedByStreams.removeAll(resumed);
        var ours = new ArrayList<>(resumed);
        ours.removeAll(pausedByUs);
        if (!ours.isEmpty()) {
            consumer.resume(ours);
        }
        return null;
    }

    /**
     * Makes the next commit of Streams include a partition, although nothing was read since the last commit.
     *
     * <p>Streams compares positions to see whether a task has read on (4.3.1: {@code StreamTask.commitNeeded}). Until the next poll, or
     * during a hand-over, the gate therefore returns the position plus one. The committed offset comes from elsewhere. Without effect
     * as long as the partition's owner has consumed nothing, see {@link Partition#owesPass}.
     */
    public void forceCommit(TopicPartition partition) {
        commitForced.add(partition);
    }

    private @Nullable Object position(Method method, Object[] arguments) throws Exception {
        var position = (Long) repeatedWhenWoken(() -> call(method, arguments));
        return commitForced.contains(arguments[0]) && position != null ? Long.valueOf(position + 1) : position;
    }

    private @Nullable Object call(Method method, Object[] arguments) throws Exception {
        try {
            return method.invoke(consumer, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** A call of the consumer. */
    @FunctionalInterface
    private interface Call<T, E extends Exception> {
        @Nullable
        T now() throws E;
    }

    /** Turns polling off during a call, because rebalance listeners run inside poll and make blocking calls themselves. */
    private <T, E extends Exception> @Nullable T repeatedWhenWoken(Call<T, E> call) throws E {
        boolean before;
        synchronized (wakeLock) {
            before = polling;
            polling = false;
        }
        try {
            while (true) {
                try {
                    return call.now();
                } catch (WakeupException e) {
                    LOG.trace("a wake-up came when its poll had returned", e);
                }
            }
        } finally {
            synchronized (wakeLock) {
                polling = before;
            }
        }
    }

    private List<Partition> among(Collection<TopicPartition> some) {
        return partitions.stream()
                .filter(partition -> some.contains(partition.source()))
                .toList();
    }

    /**
     * Hands partitions over.
     *
     * @param streams the listener of Streams, which commits
     */
    void revoked(Collection<TopicPartition> revoked, Runnable streams) {
        memberAt = clock.instant(); // the group has just confirmed it
        var deadline = memberAt.plus(drainTimeout);
        var going = among(revoked);
        going.forEach(Partition::drain);
        for (var partition : going) {
            loggedTogether.clear();
            if (partition.handOver(Duration.between(clock.instant(), deadline))) {
                forceCommit(partition.source());
            }
        }
        forgetPauses(revoked);
        try {
            streams.run();
        } finally {
            commitForced.clear();
            committed.keySet().removeAll(revoked);
        }
    }

    /** Gives up partitions that have gone to other owners already. */
    void lost(Collection<TopicPartition> lost) {
        among(lost).forEach(Partition::lost);
        committed.keySet().removeAll(lost);
        forgetPauses(lost);
    }

    private void forgetPauses(Collection<TopicPartition> gone) {
        pausedByUs.removeAll(gone);
        pausedByStreams.removeAll(gone);
    }

    /** Runs before the listener of Streams. */
    private final class RevocationListener implements ConsumerRebalanceListener {

        private final ConsumerRebalanceListener streams;

        RevocationListener(ConsumerRebalanceListener streams) {
            this.streams = streams;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            ConsumerGate.this.revoked(revoked, () -> streams.onPartitionsRevoked(revoked));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            ConsumerGate.this.lost(lost);
            streams.onPartitionsLost(lost);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            memberAt = clock.instant();
            streams.onPartitionsAssigned(assigned);
        }
    }
}
