package io.celeriac.engine.store;

import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.consumer.CommitGuard;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.store.IdSet.Bits;
import io.celeriac.engine.store.LogKey.Kind;
import io.celeriac.engine.store.StoredTaskCodec.Outline;
import io.celeriac.engine.task.AcceptedTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished tasks of a partition, and the ids of recently finished ones. Its changelog restores them after a crash or a move.
 *
 * <p>Only tasks that are unfinished when Streams prepares a commit are logged: a task that came and went between two commits
 * leaves no record at all. {@link CachedStateStore#flushCache} makes this possible. It is the one call that Streams makes before it
 * flushes the producer and commits the offsets. {@link #commit} comes after both; a task that was logged there would be lost in a
 * crash in between (KAFKA-9450, KIP-1035). The interface is internal to Streams, so {@link CommitGuard} checks at every commit that
 * the call has come.
 *
 * <p>Under at-least-once there is a second rule. The input offset of a task is committed long before its result is sent.
 * From then on only this store can bring the task back. Its result and its removal go to different partitions, so the removal could
 * become durable without the result. Hence the barrier: no removal, and no mark that a task is done, is sent before everything that
 * was published so far is acknowledged. A task that leaves no record needs it too, as its offset is committed. Under exactly-once all of
 * it is in one transaction, and the barrier does nothing.
 *
 * <p>An owner that was suspended for longer than its session, and does not know of its successor, may still log. Hence the terms.
 * Each owner writes under keys of its own, see {@link LogKey}. The next owner recognises the entries of the suspended owner for records
 * that its successor has read, see {@link Term}, and leaves them out.
 *
 * <p>Belongs to the stream thread, except for {@link #init} and restoring.
 */
public final class UnfinishedTasks implements StateStore, CachedStateStore<Bytes, byte[]> {

    /** A task that changed since the last commit. */
    private record Fresh(StoredTask task, boolean logged) {}

    /** Number of terms that are kept: a suspended owner comes back within this many changes of the owner. */
    private static final int MOST_TERMS = 64;

    private final KeyValueStore<Bytes, byte[]> log;
    private final StoredTaskCodec codec;
    private final DeduplicationWindow recent;
    private final UniqueKeys uniqueKeys = new UniqueKeys();
    private final Map<String, Fresh> fresh = new HashMap<>();
    private final Map<String, Bytes> removed = new HashMap<>(); // keys in the changelog, by id
    private final NavigableMap<Long, IdSet> inherited =
            new TreeMap<>(); // tasks that are logged under an earlier term, by term
    private final NavigableMap<Long, Term> terms = new TreeMap<>(); // of earlier owners, by number
    private final List<Bytes> outdated = new ArrayList<>(); // to be removed from the changelog
    private final List<Bytes> formerMarks = new ArrayList<>(); // removed once this owner has logged a mark
    private final List<Bytes> formerProgress = new ArrayList<>();
    private Runnable flusher = this::log;
    private Runnable fence = () -> {};
    private Runnable barrier = () -> {};
    private Supplier<@Nullable Long> committed = () -> null;
    private @Nullable Supplier<OwnerMark> mark;
    private @Nullable OwnerMark loggedMark;
    private @Nullable OwnerMark formerMark;
    private long flushes;
    private boolean discarded;
    private boolean hasPublished; // since it was last logged: that must be durable before the offset is committed
    private long term;
    private Uuid topic = Uuid.ZERO_UUID;
    private @Nullable Term begun; // once a record was taken
    private boolean isTermLogged;
    private PartitionProgress former = PartitionProgress.NONE;
    private long loggedCommit = -1;
    private boolean knowsTopic = true;
    private @Nullable TaskCursor cursor;
    private long ownedSince; // epoch milliseconds
    private long now; // epoch milliseconds, as the last call passed it

    public UnfinishedTasks(KeyValueStore<Bytes, byte[]> log, StoredTaskCodec codec, DeduplicationWindow recent) {
        this.log = log;
        this.codec = codec;
        this.recent = recent;
    }

    /**
     * Sets what Streams starts before a commit, in place of {@link #log}: it has to log this store, and may log those of other partitions
     * of the thread, so that all of them wait for the broker together.
     */
    public void flushedBy(Runnable newFlusher) {
        flusher = newFlusher;
    }

    /**
     * Sets the action that makes everything published so far durable. It runs before any removal is logged.
     *
     * <p>The action throws each time it runs, as long as anything published is not durable. Streams closes a task whose send has failed
     * without a commit, but calls {@link #flushCache} once more as it does so.
     */
    public void barrier(Runnable newBarrier) {
        barrier = newBarrier;
    }

    /** Sets the action that runs before anything is logged. It throws when another owner may have the partition. */
    public void fence(Runnable newFence) {
        fence = newFence;
    }

    /** Sets the source of the offset of the partition that this owner has committed; null for none yet. */
    public void committed(Supplier<@Nullable Long> newCommitted) {
        committed = newCommitted;
    }

    /** Sets the source of the owner's mark, which is logged at each commit. */
    public void mark(Supplier<OwnerMark> newMark) {
        mark = newMark;
    }

    /** The last mark of the former owner; null for none. Known after {@link #restore}. */
    @Nullable
    public OwnerMark formerMark() {
        return formerMark;
    }

    /** The mark of the present owner that is logged; null for none yet. */
    @Nullable
    public OwnerMark loggedMark() {
        return loggedMark;
    }

    /** How often it was flushed, with or without changes. */
    public long flushes() {
        return flushes;
    }

    @Nullable
    public StoredTask get(String id) {
        var changed = fresh.get(id);
        if (changed != null) {
            return changed.task;
        }
        if (removed.containsKey(id)) {
            return null;
        }
        var stored = log.get(key(id));
        return stored == null ? null : codec.decode(id, stored);
    }

    public boolean contains(String id) {
        return fresh.containsKey(id) || (!removed.containsKey(id) && log.get(key(id)) != null);
    }

    /** Whether a task of this id finished within the deduplication window. */
    public boolean finishedLately(String id) {
        return recent.contains(id);
    }

    /** Whether a task of this id finished after an instant, in epoch milliseconds. */
    public boolean finishedSince(String id, long then) {
        return recent.containsSince(id, then);
    }

    /** How many bytes a task takes in the changelog. */
    public int size(StoredTask task) {
        return codec.encode(task).length;
    }

    /** Whether an earlier owner has taken a record and committed its offset. */
    public boolean isBehind(long offset) {
        return offset < former.committed();
    }

    /** Notes that a record is taken. */
    public void take(long offset) {
        if (begun == null) {
            begun = new Term(term, topic, offset);
        }
    }

    /** Forgets offsets, as the topic was recreated: the stored ones mean nothing any more, nor do new ones until a restart. */
    public void forgetOffsets() {
        former = new PartitionProgress(topic, 0, former.owned());
        knowsTopic = false;
    }

    /** Adds a task that the store does not have. */
    public void add(StoredTask task) {
        var id = task.task().id();
        var isLogged = removed.containsKey(id) && removed.get(id).equals(LogKey.ofTask(id, term));
        if (isLogged) {
            removed.remove(id);
        }
        fresh.put(id, new Fresh(task, isLogged));
    }

    /** Changes a task that the store has. */
    public void update(StoredTask task) {
        hasPublished = true;
        var id = task.task().id();
        var before = fresh.get(id);
        fresh.put(id, new Fresh(task, before == null || before.logged));
    }

    /**
     * Takes over a task that an earlier owner has logged when its record, which that owner has not committed, is read again. Only the
     * entries of the last owner that read a record count. The task may have changed in this term already: it may be charged with the
     * death of the process that ran it.
     */
    public void adopt(String id, long offset) {
        if (removed.containsKey(id) || termOf(id) == term) {
            return;
        }
        var stored = get(id);
        if (stored != null && stored.task().origin().offset() == offset) {
            removed.put(id, key(id));
            disinherit(id);
            fresh.put(id, new Fresh(stored, false));
        }
    }

    /** Who has each unique key. */
    public UniqueKeys uniqueKeys() {
        return uniqueKeys;
    }

    /** Removes a task that has ended. */
    public void finish(AcceptedTask task, TaskState state, long newNow) {
        uniqueKeys.ended(task, state, newNow);
        finish(task.id(), newNow);
    }

    /** Removes a finished task of which only the id is known. */
    public void finish(String id, long newNow) {
        now = newNow;
        hasPublished = true;
        var before = fresh.remove(id);
        if (before == null || before.logged) {
            removed.put(id, key(id));
            disinherit(id);
        }
        recent.add(id, owned(), now);
    }

    /** Forgets ids that are older than the deduplication window. */
    public void expire(long newNow) {
        now = newNow;
        recent.expire(owned());
        uniqueKeys.expire(now);
    }

    /** How long the partition has had owners, in milliseconds. */
    private long owned() {
        return former.owned() + Math.max(0, now - ownedSince);
    }

    /** How many ids of finished tasks it remembers. */
    public int remembered() {
        return recent.size();
    }

    /** How many ids were forgotten before the window had passed, in the life of this object. */
    public long forgottenEarly() {
        return recent.forgottenEarly();
    }

    public boolean remembersFinished() {
        return !recent.isEmpty() || !uniqueKeys.isEmpty();
    }

    /** Notes that something was published: it has to be durable before an offset is committed, see {@link #barrier}. */
    public void published() {
        hasPublished = true;
    }

    /** Whether it has more to log than the owner's mark. */
    public boolean hasChanges() {
        return hasPublished
                || !removed.isEmpty()
                || !fresh.isEmpty()
                || recent.hasUnlogged()
                || uniqueKeys.hasUnlogged();
    }

    /** Whether a crash now would lose something that a commit now would count as taken. */
    public boolean hasUnlogged() {
        return !fresh.isEmpty() || uniqueKeys.hasUnlogged();
    }

    /** Goes through the unfinished tasks whose records lie before an offset. It ends the cursor that was opened before. */
    public TaskCursor before(long offset) {
        closeCursor();
        var ids = fresh.entrySet().stream()
                .filter(changed -> changed.getValue().task.task().origin().offset() < offset)
                .map(Map.Entry::getKey)
                .toList();
        cursor = new TaskCursor(this, ids, log.all(), offset);
        return cursor;
    }

    long offset(String id, byte[] stored) {
        return codec.outline(id, stored).offset();
    }

    private void closeCursor() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }

    /**
     * Restores everything, before the first task is added. A store that is reopened after its transaction was aborted is the same
     * object, so its former content is cleared first.
     *
     * @param newNow epoch milliseconds
     * @param newTopic the id of the queue's topic
     * @param generation of the group; of two owners that restore the same changelog, the later one has the greater generation
     */
    public void restore(long newNow, Uuid newTopic, long generation, BiConsumer<String, Outline> task) {
        forget();
        now = newNow;
        topic = newTopic;
        ownedSince = newNow;
        var before = new Before();
        @Nullable Inherited last = null;
        try (var all = log.all()) { // tasks come last; tasks of one id are sorted by term
            while (all.hasNext()) {
                var entry = all.next();
                var key = LogKey.parse(entry.key.get());
                before.lastTerm = Math.max(before.lastTerm, key.term());
                if (key.kind() != Kind.TASK) {
                    before.restore(key, entry);
                    continue;
                }
                var next = new Inherited(entry.key, key.id(), key.term(), codec.outline(key.id(), entry.value));
                if (isSuperseded(next)) {
                    outdated.add(next.key);
                    continue;
                }
                if (last != null && last.id.equals(next.id)) {
                    outdated.add(last.key);
                } else {
                    inherit(last, task);
                }
                last = next;
            }
        }
        inherit(last, task);
        uniqueKeys.restored(this::contains);
        begin(before, generation);
    }

    /** The entries of earlier owners that are not tasks. */
    private final class Before {
        private long lastTerm;

        private void restore(LogKey key, KeyValue<Bytes, byte[]> entry) {
            switch (key.kind()) {
                case ENDED -> recent.restore(key, entry.value);
                case UNIQUE -> {
                    var replaced = uniqueKeys.restore(key, entry.key, entry.value);
                    if (replaced != null) {
                        outdated.add(replaced);
                    }
                }
                case TERM -> terms.put(key.term(), Term.of(key.term(), entry.value));
                case MARK -> { // in the order of the terms
                    formerMark = OwnerMark.of(entry.value);
                    formerMarks.add(entry.key);
                }
                case PROGRESS -> {
                    former = PartitionProgress.of(entry.value);
                    formerProgress.add(entry.key);
                }
                case TASK -> throw new IllegalArgumentException("tasks are restored elsewhere");
            }
        }
    }

    /** A task that an earlier owner has logged. */
    private record Inherited(Bytes key, String id, long term, Outline outline) {}

    private boolean isSuperseded(Inherited task) {
        var own = terms.get(task.term);
        return own != null
                && terms.tailMap(task.term, false).values().stream()
                        .anyMatch(later -> later.topic().equals(own.topic())
                                && later.supersedes(task.term, task.outline.offset()));
    }

    private void inherit(@Nullable Inherited task, BiConsumer<String, Outline> consumer) {
        if (task != null) {
            inherited.computeIfAbsent(task.term, number -> new IdSet()).add(Bits.of(task.id));
            consumer.accept(task.id, task.outline);
        }
    }

    /** Begins a term. The generation orders owners of which one did not see what the other was about to log; clocks would not. */
    private void begin(Before before, long generation) {
        term = before.lastTerm + 1 + Math.max(0, generation);
        if (!former.topic().equals(topic)) {
            former = new PartitionProgress(topic, 0, former.owned());
        }
        if (recent.latest() > former.owned()) {
            former = new PartitionProgress(topic, former.committed(), recent.latest());
        }
        while (terms.size() > MOST_TERMS) {
            outdated.add(LogKey.of(Kind.TERM, terms.pollFirstEntry().getKey()));
        }
    }

    /** Forgets everything, as the partition was lost and its next owner may have gone on: nothing more may be logged. */
    public void discard() {
        forget();
        discarded = true;
    }

    private void forget() {
        closeCursor();
        fresh.clear();
        removed.clear();
        recent.clear();
        uniqueKeys.clear();
        hasPublished = false;
        inherited.clear();
        terms.clear();
        outdated.clear();
        formerMarks.clear();
        formerProgress.clear();
        discarded = false;
        loggedMark = null;
        formerMark = null;
        begun = null;
        isTermLogged = false;
        former = PartitionProgress.NONE;
        loggedCommit = -1;
        knowsTopic = true;
    }

    @Override
    public void flushCache() {
        if (!discarded) {
            flusher.run();
        }
    }

    /** Logs what has changed since the last call. */
    public void log() {
        if (discarded) {
            return;
        }
        var owner = mark == null ? null : mark.get();
        var commit = knowsTopic ? committed.get() : null;
        if (!isChanged(owner, commit)) {
            flushes++;
            return;
        }
        fence.run();
        if (hasPublished || !removed.isEmpty() || recent.hasUnlogged() || uniqueKeys.hasUnlogged()) {
            barrier.run();
            hasPublished = false;
        }
        logMark(owner);
        var keys = uniqueKeys.takeUnlogged(term);
        logUniqueKeys(keys);
        if (!removed.isEmpty() || recent.hasUnlogged()) {
            removed.values().forEach(log::delete);
            removed.clear();
            recent.takeUnlogged(term).forEach(block -> log.put(block.key(), block.value()));
        }
        logTerm();
        fresh.forEach((id, changed) -> log.put(key(id), codec.encode(changed.task)));
        fresh.clear();
        takeOutUniqueKeys(keys);
        logProgress(commit);
        takeOut(outdated);
        flushes++;
    }

    private boolean isChanged(@Nullable OwnerMark owner, @Nullable Long commit) {
        return hasChanges()
                || (owner != null && !owner.equals(loggedMark))
                || (commit != null && commit != loggedCommit)
                || (begun != null && !isTermLogged)
                || !outdated.isEmpty();
    }

    /** Logs the mark, before the tasks. If the process dies in between, it is better to miss a death than to count it twice. */
    private void logMark(@Nullable OwnerMark owner) {
        if (owner != null && !owner.equals(loggedMark)) {
            log.put(LogKey.of(Kind.MARK, term), owner.bytes());
            loggedMark = owner;
            takeOut(formerMarks);
        }
    }

    /** Logs the term once, so that it stays before later entries of an earlier owner. */
    private void logTerm() {
        if (begun != null && !isTermLogged) {
            log.put(LogKey.of(Kind.TERM, term), begun.bytes());
            isTermLogged = true;
        }
    }

    /**
     * Logs unique keys before the tasks that have them, and the end of a task that keeps its key before its removal: the process may die
     * in between, and later tasks of the key would run.
     */
    private void logUniqueKeys(List<UniqueKeys.Entry> keys) {
        for (var entry : keys) {
            if (entry.value() != null) {
                log.put(entry.key(), entry.value());
            }
        }
    }

    /** Gives keys back after their tasks are removed: a task that is restored must have its key. */
    private void takeOutUniqueKeys(List<UniqueKeys.Entry> keys) {
        for (var entry : keys) {
            if (entry.value() == null) {
                log.delete(entry.key());
            }
        }
    }

    private void logProgress(@Nullable Long commit) {
        if (commit != null && commit != loggedCommit) {
            log.put(LogKey.of(Kind.PROGRESS, term), new PartitionProgress(topic, commit, owned()).bytes());
            loggedCommit = commit;
            takeOut(formerProgress);
        }
    }

    private void takeOut(List<Bytes> keys) {
        keys.forEach(log::delete);
        keys.clear();
    }

    /** Called after a commit, when the partition becomes a standby here: there is nothing left to lose. */
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
    @SuppressWarnings("deprecation") // Streams calls it; the answer must be that of the inner store
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

    /** The key under which a task is logged. */
    private Bytes key(String id) {
        return LogKey.ofTask(id, termOf(id));
    }

    private long termOf(String id) {
        if (!inherited.isEmpty()) {
            var bits = Bits.of(id);
            for (var earlier : inherited.entrySet()) {
                if (earlier.getValue().contains(bits)) {
                    return earlier.getKey();
                }
            }
        }
        return term;
    }

    private void disinherit(String id) {
        if (!inherited.isEmpty()) {
            var bits = Bits.of(id);
            inherited.values().removeIf(ids -> ids.remove(bits) && ids.size() == 0);
        }
    }
}
