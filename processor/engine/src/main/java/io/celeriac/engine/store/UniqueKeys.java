package io.celeriac.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.engine.store.LogKey.Kind;
import io.celeriac.engine.task.AcceptedTask;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Who has each unique key of a partition: the task that came first and has not ended, or has ended within its window.
 *
 * <p>A task that came and went between two commits, and has no window, leaves no record in the changelog. Belongs to the stream thread.
 */
public final class UniqueKeys {

    /**
     * The task that has a key.
     *
     * @param id of the task
     * @param acceptedAt epoch milliseconds
     * @param until epoch milliseconds until which the task has the key after its end; 0 when it gives the key back at its end
     * @param state in which it has ended; null before
     */
    record Owner(
            String id,
            long acceptedAt,
            long until,
            @Nullable TaskState state) {

        byte[] bytes() {
            var text = ((state == null ? "" : state.name()) + "/" + id).getBytes(UTF_8);
            return ByteBuffer.allocate(2 * Long.BYTES + text.length)
                    .putLong(acceptedAt)
                    .putLong(until)
                    .put(text)
                    .array();
        }

        static Owner of(byte[] bytes) {
            var in = ByteBuffer.wrap(bytes);
            var acceptedAt = in.getLong();
            var until = in.getLong();
            var text = new String(bytes, in.position(), in.remaining(), UTF_8);
            var slash = text.indexOf('/');
            return new Owner(
                    text.substring(slash + 1),
                    acceptedAt,
                    until,
                    slash == 0 ? null : TaskState.valueOf(text.substring(0, slash)));
        }
    }

    private record End(long until, String key) {}

    /** What the changelog is to be told of a key; its value is null when it is to be forgotten. */
    record Entry(Bytes key, byte @Nullable [] value) {}

    private final Map<String, Owner> owners = new HashMap<>();
    private final Map<String, Bytes> logged = new HashMap<>(); // keys in the changelog, by key
    private final Set<String> changed = new LinkedHashSet<>();
    private final PriorityQueue<End> ends = new PriorityQueue<>((one, other) -> Long.compare(one.until, other.until));

    /**
     * The earlier task with which a new one conflicts; null when there is none.
     *
     * @param task with a unique key
     * @param stateOf the state of a task that has not ended, by its id; null when it is not here
     * @param now epoch milliseconds
     */
    @Nullable
    public String rival(AcceptedTask task, Function<String, @Nullable TaskState> stateOf, long now) {
        var unique = unique(task);
        var owner = owners.get(key(task.task(), unique));
        if (owner == null || owner.id.equals(task.id()) || isPast(owner, unique.window(), now)) {
            return null;
        }
        var state = owner.state == null ? stateOf.apply(owner.id) : owner.state;
        return state != null && unique.states().contains(state) ? owner.id : null;
    }

    private static boolean isPast(Owner owner, @Nullable Duration window, long now) {
        return window != null && now >= owner.acceptedAt + window.toMillis();
    }

    /** Gives a task its unique key. */
    public void claim(AcceptedTask task) {
        var unique = unique(task);
        var acceptedAt = task.acceptedAt().toEpochMilli();
        var window = unique.window();
        set(
                key(task.task(), unique),
                new Owner(task.id(), acceptedAt, window == null ? 0 : acceptedAt + window.toMillis(), null));
    }

    private static Unique unique(AcceptedTask task) {
        return Objects.requireNonNull(task.task().unique(), "unique");
    }

    /** A task has ended. It gives its key back, now or at the end of its window. */
    void ended(AcceptedTask task, TaskState state, long now) {
        var unique = task.task().unique();
        if (unique == null) {
            return;
        }
        var key = key(task.task(), unique);
        var owner = owners.get(key);
        if (owner == null || !owner.id.equals(task.id())) {
            return; // another has taken its place
        }
        if (owner.until > now) {
            set(key, new Owner(owner.id, owner.acceptedAt, owner.until, state));
            ends.add(new End(owner.until, key));
        } else {
            remove(key);
        }
    }

    /** Forgets tasks that have ended, and whose window is past. */
    void expire(long now) {
        for (var first = ends.peek(); first != null && first.until <= now; first = ends.peek()) {
            ends.remove();
            var owner = owners.get(first.key);
            if (owner != null && owner.state != null && owner.until <= now) {
                remove(first.key);
            }
        }
    }

    private void set(String key, Owner owner) {
        owners.put(key, owner);
        changed.add(key);
    }

    private void remove(String key) {
        owners.remove(key);
        if (logged.containsKey(key)) {
            changed.add(key);
        } else {
            changed.remove(key);
        }
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    boolean hasUnlogged() {
        return !changed.isEmpty();
    }

    /**
     * Takes what the changelog does not have yet.
     *
     * @param term of the owner of the partition
     */
    List<Entry> takeUnlogged(long term) {
        var entries = new ArrayList<Entry>();
        for (var key : changed) {
            var owner = owners.get(key);
            var before = owner == null ? logged.remove(key) : logged.get(key);
            var here = LogKey.of(Kind.UNIQUE, term, key.getBytes(UTF_8));
            if (owner != null) {
                entries.add(new Entry(here, owner.bytes()));
                logged.put(key, here);
            }
            if (before != null && (owner == null || !before.equals(here))) {
                entries.add(new Entry(before, null));
            }
        }
        changed.clear();
        return entries;
    }

    /**
     * Restores an entry of the changelog. Those of earlier terms come first.
     *
     * @return the key of the entry that this one replaces; null for none
     */
    @Nullable
    Bytes restore(LogKey logKey, Bytes place, byte[] value) {
        var key = new String(logKey.rest(), UTF_8);
        var owner = Owner.of(value);
        owners.put(key, owner);
        if (owner.state != null) {
            ends.add(new End(owner.until, key));
        }
        return logged.put(key, place);
    }

    /** Forgets tasks that have not ended and are not here: their entry is that of an owner that had lost the partition. */
    void restored(Predicate<String> isUnfinished) {
        var stale = owners.entrySet().stream()
                .filter(one -> one.getValue().state == null && !isUnfinished.test(one.getValue().id))
                .map(Map.Entry::getKey)
                .toList();
        stale.forEach(this::remove);
    }

    void clear() {
        owners.clear();
        logged.clear();
        changed.clear();
        ends.clear();
    }

    /** Tasks with a key are compared with those of the same key only, as others may be in other partitions. */
    private static String key(Task task, Unique unique) {
        return (task.key() == null ? "" : task.key().length() + ":" + task.key()) + "/" + unique.key();
    }
}
