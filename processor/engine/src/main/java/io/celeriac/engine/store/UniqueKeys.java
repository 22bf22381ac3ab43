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
import java.util.Comparator;
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
 * Which tasks have each unique key of a partition: those that have not ended, and the newest that has ended within its window. There is
 * more than one when a task was replaced while it ran, or when a later one did not mind its state.
 *
 * <p>A task that came and went between two commits, and has no window, leaves no record in the changelog. Belongs to the stream thread.
 */
public final class UniqueKeys {

    /**
     * A task that has a key.
     *
     * @param id of the task
     * @param acceptedAt epoch milliseconds
     * @param until epoch milliseconds until which the task has the key after its end; 0 when it gives the key back at its end
     * @param state in which it has ended; null before
     * @param replacedBy the later task that has taken its place; it may finish the attempt that ran then, and begins no other; null for
     *     none
     */
    record Holder(
            String id,
            long acceptedAt,
            long until,
            @Nullable TaskState state,
            @Nullable String replacedBy) {

        byte[] bytes() {
            var text = ((state == null ? "" : state.name()) + "/" + id + (replacedBy == null ? "" : "/" + replacedBy))
                    .getBytes(UTF_8);
            return ByteBuffer.allocate(2 * Long.BYTES + text.length)
                    .putLong(acceptedAt)
                    .putLong(until)
                    .put(text)
                    .array();
        }

        static Holder of(byte[] bytes) {
            var in = ByteBuffer.wrap(bytes);
            var acceptedAt = in.getLong();
            var until = in.getLong();
            var parts = new String(bytes, in.position(), in.remaining(), UTF_8).split("/", -1);
            return new Holder(
                    parts[1],
                    acceptedAt,
                    until,
                    parts[0].isEmpty() ? null : TaskState.valueOf(parts[0]),
                    parts.length > 2 ? parts[2] : null);
        }

        private Holder ended(TaskState newState) {
            return new Holder(id, acceptedAt, until, newState, replacedBy);
        }

        private Holder replaced(String winner) {
            return new Holder(id, acceptedAt, until, state, winner);
        }
    }

    /** One that was replaced is older than the newest, whatever the clocks of two owners say. */
    private static final Comparator<Holder> OLDEST_FIRST = Comparator.<Holder, Boolean>comparing(
                    holder -> holder.replacedBy == null)
            .thenComparingLong(Holder::acceptedAt);

    private record End(long until, String key) {}

    /** Where a holder is in the changelog: the rest of its {@link LogKey}. */
    private record Place(String key, String id) {
        private Bytes in(long term) {
            return LogKey.of(Kind.UNIQUE, term, (key + suffix(id)).getBytes(UTF_8));
        }

        private static String suffix(String id) {
            return "\n" + id;
        }
    }

    /** What the changelog is to be told of a key; its value is null when it is to be forgotten. */
    record Entry(Bytes key, byte @Nullable [] value) {}

    /** Keys of tasks that have ended: 119 MB of heap, measured with keys of 25 characters. */
    static final int MOST = 200_000;

    private final Map<String, List<Holder>> holders = new HashMap<>(); // oldest first
    private final Map<Place, Bytes> logged = new HashMap<>(); // keys in the changelog
    private final Set<Place> changed = new LinkedHashSet<>();
    private final PriorityQueue<End> ends = new PriorityQueue<>((one, other) -> Long.compare(one.until, other.until));
    private final int most;
    private int ended;
    private long forgottenEarly;

    public UniqueKeys() {
        this(MOST);
    }

    /**
     * @param most keys that are kept of tasks that have ended
     */
    UniqueKeys(int most) {
        this.most = most;
    }

    /**
     * The earlier task with which a new one conflicts, the newest if there are several; null when there is none.
     *
     * @param task with a unique key
     * @param stateOf the state of a task that has not ended, by its id; null when it is not here
     * @param now epoch milliseconds
     */
    @Nullable
    public String rival(AcceptedTask task, Function<String, @Nullable TaskState> stateOf, long now) {
        var unique = unique(task);
        var all = of(key(task.task(), unique));
        for (int i = all.size() - 1; i >= 0; i--) {
            var holder = all.get(i);
            if (!holder.id.equals(task.id()) && !isPast(holder, unique.window(), now)) {
                var state = holder.state == null ? stateOf.apply(holder.id) : holder.state;
                var runsAgain = holder.replacedBy == null || state == TaskState.STARTED;
                if (state != null && unique.states().contains(state) && runsAgain) {
                    return holder.id;
                }
            }
        }
        return null;
    }

    private static boolean isPast(Holder holder, @Nullable Duration window, long now) {
        return window != null && now >= holder.acceptedAt + window.toMillis();
    }

    /**
     * Gives a task its unique key.
     *
     * @param rival whose place it takes; null for none
     */
    public void claim(AcceptedTask task, @Nullable String rival) {
        var unique = unique(task);
        var key = key(task.task(), unique);
        for (var holder : List.copyOf(of(key))) {
            if (holder.state != null) {
                remove(key, holder);
            } else if (holder.id.equals(rival)) {
                set(key, holder.replaced(task.id()));
            }
        }
        var acceptedAt = task.acceptedAt().toEpochMilli();
        var window = unique.window();
        set(key, new Holder(task.id(), acceptedAt, window == null ? 0 : acceptedAt + window.toMillis(), null, null));
    }

    /** The later task that has taken the place of one, which must not begin any more; null for none. */
    @Nullable
    public String replacedBy(AcceptedTask task) {
        var unique = task.task().unique();
        var holder = unique == null ? null : find(key(task.task(), unique), task.id());
        return holder == null ? null : holder.replacedBy;
    }

    private static Unique unique(AcceptedTask task) {
        return Objects.requireNonNull(task.task().unique(), "unique");
    }

    /** A task has ended. It gives its key back: at the end of its window if it is the newest that has the key, and otherwise now. */
    public void ended(AcceptedTask task, TaskState state, long now) {
        var unique = task.task().unique();
        if (unique == null) {
            return;
        }
        var key = key(task.task(), unique);
        var holder = find(key, task.id());
        if (holder == null) {
            return;
        }
        var all = of(key);
        if (holder.until > now && all.get(all.size() - 1).equals(holder)) {
            set(key, holder.ended(state));
            ends.add(new End(holder.until, key));
            while (ended > most) {
                forgottenEarly += forgetFirst();
            }
        } else {
            remove(key, holder);
        }
    }

    /** Forgets tasks that have ended, and whose window is past. */
    public void expire(long now) {
        for (var first = ends.peek(); first != null && first.until <= now; first = ends.peek()) {
            forgetFirst();
        }
    }

    /** Forgets the tasks whose window ends first; returns how many. */
    private int forgetFirst() {
        var before = ended;
        var first = ends.remove();
        for (var holder : List.copyOf(of(first.key))) {
            if (holder.state != null && holder.until <= first.until) {
                remove(first.key, holder);
            }
        }
        return before - ended;
    }

    /** How many keys of tasks that have ended it remembers. */
    public int remembered() {
        return ended;
    }

    /** How many keys were forgotten before the window of their task had passed, in the life of this object. */
    public long forgottenEarly() {
        return forgottenEarly;
    }

    private List<Holder> of(String key) {
        return holders.getOrDefault(key, List.of());
    }

    private @Nullable Holder find(String key, String id) {
        for (var holder : of(key)) {
            if (holder.id.equals(id)) {
                return holder;
            }
        }
        return null;
    }

    private void set(String key, Holder holder) {
        put(key, holder);
        changed.add(new Place(key, holder.id));
    }

    private void put(String key, Holder holder) {
        var before = find(key, holder.id);
        if (before != null) {
            drop(key, before);
        }
        var all = holders.computeIfAbsent(key, none -> new ArrayList<>(1));
        all.add(holder);
        all.sort(OLDEST_FIRST);
        ended += holder.state == null ? 0 : 1;
    }

    private void drop(String key, Holder holder) {
        var all = of(key);
        all.remove(holder);
        if (all.isEmpty()) {
            holders.remove(key);
        }
        ended -= holder.state == null ? 0 : 1;
    }

    private void remove(String key, Holder holder) {
        drop(key, holder);
        var place = new Place(key, holder.id);
        if (logged.containsKey(place)) {
            changed.add(place);
        } else {
            changed.remove(place);
        }
    }

    boolean isEmpty() {
        return holders.isEmpty();
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
        for (var place : changed) {
            var holder = find(place.key, place.id);
            var before = holder == null ? logged.remove(place) : logged.get(place);
            var here = place.in(term);
            if (holder != null) {
                entries.add(new Entry(here, holder.bytes()));
                logged.put(place, here);
            }
            if (before != null && (holder == null || !before.equals(here))) {
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
        var holder = Holder.of(value);
        var rest = new String(logKey.rest(), UTF_8);
        var suffix = Place.suffix(holder.id);
        var key = rest.endsWith(suffix) ? rest.substring(0, rest.length() - suffix.length()) : rest;
        put(key, holder);
        if (holder.state != null) {
            ends.add(new End(holder.until, key));
        }
        return logged.put(new Place(key, holder.id), place);
    }

    /** Forgets tasks that have not ended and are not here: their entry is that of an owner that had lost the partition. */
    void restored(Predicate<String> isUnfinished) {
        for (var key : List.copyOf(holders.keySet())) {
            for (var holder : List.copyOf(of(key))) {
                if (holder.state == null && !isUnfinished.test(holder.id)) {
                    remove(key, holder);
                }
            }
        }
    }

    void clear() {
        holders.clear();
        logged.clear();
        changed.clear();
        ends.clear();
        ended = 0;
    }

    /** Tasks with a key are compared with those of the same key only, as others may be in other partitions. */
    private static String key(Task task, Unique unique) {
        return (task.key() == null ? "" : task.key().length() + ":" + task.key()) + "/" + unique.key();
    }
}
