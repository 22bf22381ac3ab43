package io.celeriac.engine.store;

import io.celeriac.engine.consumer.CommitGuard;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.store.IdSet.Bits;
import io.celeriac.engine.store.LogKey.Kind;
import io.celeriac.engine.store.StoredTaskCodec.Outline;
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
 * <p>An owner that was suspended for longer than its session, and knows nothing of its successor, may still log. Hence the terms:
 * each owner writes under keys of its own, see {@link LogKey}; what such an owner logs of records that its successor has read is
 * recognised by the next one, see {@link Term}, and left out.
 *
 * <p>Belongs to the stream thread, but for {@link #init} and restoring.
 */
public final class UnfinishedTasks implements StateStore, CachedStateStore<Bytes, byte[]> {

    /** A task that changed since the last commit. */
    private record Fresh(StoredTask task, boolean logged) {}

    /** Terms that are kept: one that was suspended comes back within so many changes of the owner. */
    private static final int MOST_TERMS = 64;

    private final KeyValueStore<Bytes, byte[]> log;
    private final StoredTaskCodec codec;
    private final DeduplicationWindow recent;
    private final Map<String, Fresh> fresh = new HashMap<>();
    private final Map<String, Bytes> removed = new HashMap<>(); // where they are logged, by id
    private final NavigableMap<Long, IdSet> inherited =
            new TreeMap<>(); // tasks that are logged under an earlier term, by it
    private final NavigableMap<Long, Term> terms = new TreeMap<>(); // of those before, by number
    private final List<Bytes> outdated = new ArrayList<>(); // to be taken out of the changelog
    private final List<Bytes> formerMarks = new ArrayList<>(); // as outdated, once there is one of this owner
    private final List<Bytes> formerProgress = new ArrayList<>();
    private Runnable fence = () -> {};
    private Runnable barrier = () -> {};
    private Supplier<@Nullable Long> committed = () -> null;
    private @Nullable Supplier<OwnerMark> mark;
    private @Nullable OwnerMark loggedMark;
    private @Nullable OwnerMark formerMark;
    private long flushes;
    private boolean discarded;
    private long term;
    private Uuid topic = Uuid.ZERO_UUID;
    private @Nullable Term begun; // once a record was taken
    private boolean isTermLogged;
    private PartitionProgress former = PartitionProgress.NONE;
    private long loggedCommit = -1;
    private boolean knowsTopic = true;
    private long ownedSince; // epoch milliseconds
    private long now; // epoch milliseconds, of the last call that told

    public UnfinishedTasks(KeyValueStore<Bytes, byte[]> log, StoredTaskCodec codec, DeduplicationWindow recent) {
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
    public void barrier(Runnable newBarrier) {
        barrier = newBarrier;
    }

    /** Run before anything is logged: throws when the partition may have gone to another owner. */
    public void fence(Runnable newFence) {
        fence = newFence;
    }

    /** Tells which offset of the partition this owner has committed; null for none yet. */
    public void committed(Supplier<@Nullable Long> newCommitted) {
        committed = newCommitted;
    }

    /** What is to be logged of its owner at each commit. */
    public void mark(Supplier<OwnerMark> newMark) {
        mark = newMark;
    }

    /** The last word of the former owner; null for none. Known after {@link #restore}. */
    @Nullable
    public OwnerMark formerMark() {
        return formerMark;
    }

    /** What of its present owner is logged; null for nothing yet. */
    @Nullable
    public OwnerMark loggedMark() {
        return loggedMark;
    }

    /** How often it has logged what had changed. */
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

    /** Whether a record was taken before, by this owner or an earlier one, and committed. */
    public boolean isBehind(long offset) {
        return offset < former.committed();
    }

    /** A record is taken. */
    public void take(long offset) {
        if (begun == null) {
            begun = new Term(term, topic, offset);
        }
    }

    /** The topic was made anew: offsets that were kept say nothing any more, and neither do those to come until a restart. */
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
        var id = task.task().id();
        var before = fresh.get(id);
        fresh.put(id, new Fresh(task, before == null || before.logged));
    }

    /**
     * A record is read again whose task an earlier owner has logged, but not committed. It becomes this owner's: all that counts of
     * a record is what the last owner who read it has logged.
     */
    public void adopt(String id, long offset) {
        if (fresh.containsKey(id) || removed.containsKey(id) || termOf(id) == term) {
            return;
        }
        var stored = get(id);
        if (stored != null && stored.task().origin().offset() == offset) {
            removed.put(id, key(id));
            disinherit(id);
            fresh.put(id, new Fresh(stored, false));
        }
    }

    /** Takes a task out that has come to its end. */
    public void finish(String id, long newNow) {
        now = newNow;
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
    }

    /** How long the partition has had owners, in milliseconds. */
    private long owned() {
        return former.owned() + Math.max(0, now - ownedSince);
    }

    /** How many ids of finished tasks it remembers. */
    public int remembered() {
        return recent.size();
    }

    /** How many were forgotten before their time, in the life of this object. */
    public long forgottenEarly() {
        return recent.forgottenEarly();
    }

    public boolean remembersFinished() {
        return !recent.isEmpty();
    }

    /** Whether a crash now would lose something that a commit now would count as taken. */
    public boolean hasUnlogged() {
        return !fresh.isEmpty();
    }

    /**
     * Reads everything back, before the first task is added. A store that is opened again, after its transaction was
     * aborted, is the same object: nothing of its former life may remain.
     *
     * @param newNow epoch milliseconds
     * @param newTopic the id of the queue's topic
     * @param generation of the group: of two owners that find the same, the later has the greater
     */
    public void restore(long newNow, Uuid newTopic, long generation, BiConsumer<String, Outline> task) {
        forget();
        now = newNow;
        topic = newTopic;
        ownedSince = newNow;
        var before = new Before();
        @Nullable Inherited last = null;
        try (var all = log.all()) { // tasks come last, and those of one id by term
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
        begin(before, generation);
    }

    /** What of the owners before is not a task. */
    private final class Before {
        private long lastTerm;

        private void restore(LogKey key, KeyValue<Bytes, byte[]> entry) {
            switch (key.kind()) {
                case ENDED -> recent.restore(key, entry.value);
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

    /** Clocks do not tell who came later: one owner may not have seen what another was just about to log. */
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

    /** The partition has gone without a word, and its next owner may have gone on: nothing of ours may be logged. */
    public void discard() {
        forget();
        discarded = true;
    }

    private void forget() {
        fresh.clear();
        removed.clear();
        recent.clear();
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
        if (!removed.isEmpty() || recent.hasUnlogged()) {
            barrier.run();
            logMark(owner);
            removed.values().forEach(log::delete);
            removed.clear();
            recent.takeUnlogged(term).forEach(block -> log.put(block.key(), block.value()));
        }
        logMark(owner);
        logTerm();
        fresh.forEach((id, changed) -> log.put(key(id), codec.encode(changed.task)));
        fresh.clear();
        logProgress(commit);
        takeOut(outdated);
        flushes++;
    }

    private boolean isChanged(@Nullable OwnerMark owner, @Nullable Long commit) {
        return !removed.isEmpty()
                || !fresh.isEmpty()
                || recent.hasUnlogged()
                || (owner != null && !owner.equals(loggedMark))
                || (commit != null && commit != loggedCommit)
                || (begun != null && !isTermLogged)
                || !outdated.isEmpty();
    }

    /** Before the tasks: should the process die in between, a death must rather be missed than counted twice. */
    private void logMark(@Nullable OwnerMark owner) {
        if (owner != null && !owner.equals(loggedMark)) {
            log.put(LogKey.of(Kind.MARK, term), owner.bytes());
            loggedMark = owner;
            takeOut(formerMarks);
        }
    }

    /** Once, so that it keeps its place before whatever comes of an earlier owner later. */
    private void logTerm() {
        if (begun != null && !isTermLogged) {
            log.put(LogKey.of(Kind.TERM, term), begun.bytes());
            isTermLogged = true;
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

    /** Where a task is logged. */
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
