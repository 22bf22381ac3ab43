package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.engine.stream.StoredTaskCodec.Outline;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a partition that are not finished, and the ids of those that lately were. Its changelog is what brings
 * them back after a crash or a move.
 *
 * <p>Only what is unfinished when Streams prepares a commit is logged: a task that came and went between two commits
 * leaves no record at all. The call that makes this possible is {@link CachedStateStore#flushCache}, the one call that
 * Streams makes before it flushes the producer and commits the offsets; {@link #commit} comes after both, and a task that
 * were logged there would be lost in a crash between (KAFKA-9450, KIP-1035). The interface is internal to Streams, so
 * {@link CommitGuard} checks at every commit that the call has come.
 *
 * <p>Under at-least-once there is a second rule. The input offset of a task is committed long before its result is sent;
 * from then on this store is the only thing that can bring the task back. Its result and its removal go to different
 * partitions, so the removal could become durable and the result not. Hence the barrier: no removal, and no mark that a
 * task is done, is sent before everything that was published so far is acknowledged. Under exactly-once both are in one
 * transaction, and the barrier does nothing.
 *
 * <p>Belongs to the stream thread, but for {@link #init} and restoring.
 */
final class UnfinishedTasks implements StateStore, CachedStateStore<Bytes, byte[]> {

    /** A task that changed since the last commit. */
    private record Fresh(StoredTask task, boolean logged) {}

    private static final Bytes MARK = Bytes.wrap(new byte[] {OwnerMark.KEY});

    private final KeyValueStore<Bytes, byte[]> log;
    private final StoredTaskCodec codec;
    private final RecentIds recent;
    private final Map<String, Fresh> fresh = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private Runnable barrier = () -> {};
    private @Nullable Supplier<OwnerMark> mark;
    private @Nullable OwnerMark loggedMark;
    private @Nullable OwnerMark formerMark;
    private long flushes;
    private boolean discarded;

    UnfinishedTasks(KeyValueStore<Bytes, byte[]> log, StoredTaskCodec codec, RecentIds recent) {
        this.log = log;
        this.codec = codec;
        this.recent = recent;
    }

    /**
     * What makes all that was published so far durable; run before any removal is logged.
     *
     * <p>It throws as long as anything that was published is not durable, each time it is run: Streams closes a task whose send
     * has failed without a commit, but it calls {@link #flushCache} once more as it does.
     */
    void barrier(Runnable newBarrier) {
        barrier = newBarrier;
    }

    /** What is to be logged of its owner at each commit. */
    void mark(Supplier<OwnerMark> newMark) {
        mark = newMark;
    }

    /** The last word of the former owner; null for none. Known after {@link #restore}. */
    @Nullable
    OwnerMark formerMark() {
        return formerMark;
    }

    /** What of its present owner is logged; null for nothing yet. */
    @Nullable
    OwnerMark loggedMark() {
        return loggedMark;
    }

    /** How often it has logged what had changed. */
    long flushes() {
        return flushes;
    }

    @Nullable
    StoredTask get(String id) {
        var changed = fresh.get(id);
        if (changed != null) {
            return changed.task;
        }
        if (removed.contains(id)) {
            return null;
        }
        var stored = log.get(key(id));
        return stored == null ? null : codec.decode(id, stored);
    }

    boolean contains(String id) {
        return fresh.containsKey(id) || (!removed.contains(id) && log.get(key(id)) != null);
    }

    /** Whether a task of this id finished within the deduplication window. */
    boolean finishedLately(String id) {
        return recent.contains(id);
    }

    /** Whether a task of this id finished after an instant, in epoch milliseconds. */
    boolean finishedSince(String id, long then) {
        return recent.containsSince(id, then);
    }

    /** How many bytes a task takes in the changelog. */
    int size(StoredTask task) {
        return codec.encode(task).length;
    }

    /** Adds a task that the store does not have. */
    void add(StoredTask task) {
        var id = task.task().id();
        fresh.put(id, new Fresh(task, removed.remove(id)));
    }

    /** Changes a task that the store has. */
    void update(StoredTask task) {
        var id = task.task().id();
        var before = fresh.get(id);
        fresh.put(id, new Fresh(task, before == null || before.logged));
    }

    /** Takes a task out that has come to its end. */
    void finish(String id, long now) {
        var before = fresh.remove(id);
        if (before == null || before.logged) {
            removed.add(id);
        }
        recent.add(id, now);
    }

    /** Forgets ids that are older than the deduplication window. */
    void expire(long now) {
        recent.expire(now);
    }

    boolean remembersFinished() {
        return !recent.isEmpty();
    }

    /** Whether a crash now would lose something that a commit now would count as taken. */
    boolean hasUnlogged() {
        return !fresh.isEmpty();
    }

    /**
     * Reads everything back, before the first task is added. A store that is opened again, after its transaction was
     * aborted, is the same object: nothing of its former life may remain.
     */
    void restore(BiConsumer<String, Outline> task) {
        forget();
        discarded = false;
        loggedMark = null;
        formerMark = null;
        try (var all = log.all()) {
            while (all.hasNext()) {
                var entry = all.next();
                var key = entry.key.get();
                if (key[0] == RecentIds.KEY_MARK) {
                    recent.restore(key, entry.value);
                } else if (key[0] == OwnerMark.KEY) {
                    formerMark = OwnerMark.of(entry.value);
                } else {
                    var id = new String(key, UTF_8);
                    task.accept(id, codec.outline(id, entry.value));
                }
            }
        }
    }

    /** The partition has gone without a word, and its next owner may have gone on: nothing of ours may be logged. */
    void discard() {
        discarded = true;
        forget();
    }

    private void forget() {
        fresh.clear();
        removed.clear();
        recent.clear();
    }

    @Override
    public void flushCache() {
        if (discarded) {
            return;
        }
        if (!removed.isEmpty() || recent.hasUnlogged()) {
            barrier.run();
            logMark();
            removed.forEach(id -> log.delete(key(id)));
            removed.clear();
            recent.takeUnlogged().forEach(block -> log.put(Bytes.wrap(block.key()), block.value()));
        }
        logMark();
        fresh.forEach((id, changed) -> log.put(key(id), codec.encode(changed.task)));
        fresh.clear();
        flushes++;
    }

    /** Before the tasks: should the process die in between, a death must rather be missed than counted twice. */
    private void logMark() {
        var now = mark == null ? null : mark.get();
        if (now != null && !now.equals(loggedMark)) {
            log.put(MARK, now.bytes());
            loggedMark = now;
        }
    }

    /** Called when the partition becomes a standby here, after a commit: there is nothing left to lose. */
    @Override
    public void clearCache() {
        forget();
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<Bytes, byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return log.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        log.init(context, root);
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        log.commit(changelogOffsets);
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        return log.committedOffset(partition);
    }

    @Override
    @SuppressWarnings("deprecation") // Streams asks for it, and wraps a store that does not answer as its inner one
    public boolean managesOffsets() {
        return log.managesOffsets();
    }

    @Override
    public void close() {
        forget();
        log.close();
    }

    @Override
    public boolean persistent() {
        return log.persistent();
    }

    @Override
    public boolean isOpen() {
        return log.isOpen();
    }

    private static Bytes key(String id) {
        return Bytes.wrap(id.getBytes(UTF_8));
    }
}
