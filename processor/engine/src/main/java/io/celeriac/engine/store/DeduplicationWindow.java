package io.celeriac.engine.store;

import io.celeriac.engine.store.IdSet.Bits;
import io.celeriac.engine.store.LogKey.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the tasks that finished within the deduplication window, so that {@code Admission} drops a second record of the same id.
 *
 * <p>The ids are kept in slices of a fifth of the window, and a slice is forgotten whole. So an id is remembered for one window to
 * one window and a fifth. The window counts the time that the partition has had an owner, see {@link PartitionProgress#owned}. The
 * changelog holds the ids in blocks, one for each commit and slice instead of one for each task: on a prototype, a record for each task
 * cost a third of the throughput. At most {@code most} ids are remembered; past that the oldest slice is forgotten early.
 *
 * <p>Belongs to the stream thread.
 */
public final class DeduplicationWindow {

    /** 2 M ids of 19 to 43 bytes, 2.8 M tasks a minute and partition within the default window. */
    public static final int MOST = 2_000_000;

    private static final int SLICES = 5;
    private static final int ID_BYTES = 2 * Long.BYTES;
    private static final int BLOCK_IDS = 16_384; // a block stays far below the largest record

    /** Ids that finished within the same fifth of the window. */
    private static final class Slice {
        private final IdSet ids = new IdSet();
        private final Map<Long, Integer> blocks = new HashMap<>(); // number of blocks by term
        private long[] unlogged = new long[64];
        private int unloggedLength;
        private long lastAt = Long.MIN_VALUE; // epoch milliseconds of the last end

        private void add(Bits id, long now) {
            lastAt = Math.max(lastAt, now);
            if (ids.add(id)) {
                if (unloggedLength == unlogged.length) {
                    unlogged = Arrays.copyOf(unlogged, 2 * unloggedLength);
                }
                unlogged[unloggedLength++] = id.most();
                unlogged[unloggedLength++] = id.least();
            }
        }

        /** Ends the slice: no more ids come. */
        private void close() {
            ids.trim();
        }

        private void logged() {
            unlogged = unlogged.length > 2 * BLOCK_IDS ? new long[64] : unlogged;
            unloggedLength = 0;
        }
    }

    /** A part of a slice in the changelog; its value is null when it is to be forgotten. */
    record Block(Bytes key, byte @Nullable [] value) {}

    private final long windowMillis;
    private final long sliceMillis;
    private final int most;
    private final TreeMap<Long, Slice> slices =
            new TreeMap<>(); // by start, in milliseconds of the partition's own time
    private final List<Block> forgotten = new ArrayList<>();
    private int size;
    private long forgottenEarly;

    /**
     * @param windowMillis how long an id is remembered; 0 to remember none
     * @param most greatest number of ids to remember
     */
    public DeduplicationWindow(long windowMillis, int most) {
        this.windowMillis = windowMillis;
        this.sliceMillis = Math.max(1, windowMillis / SLICES);
        this.most = most;
    }

    /**
     * @param owned the partition's own time, in milliseconds
     * @param now epoch milliseconds
     */
    void add(String id, long owned, long now) {
        if (windowMillis == 0) {
            return;
        }
        var slice = slices.get(owned - Math.floorMod(owned, sliceMillis));
        if (slice == null) {
            slices.values().forEach(Slice::close);
            slice = new Slice();
            slices.put(owned - Math.floorMod(owned, sliceMillis), slice);
        }
        var before = slice.ids.size();
        slice.add(Bits.of(id), now);
        size += slice.ids.size() - before;
        while (size > most) {
            forgottenEarly += forgetFirst();
        }
    }

    boolean contains(String id) {
        return containsSince(id, Long.MIN_VALUE);
    }

    /** Whether it finished at or after an instant, in epoch milliseconds; may be true for an earlier end in the same slice. */
    boolean containsSince(String id, long then) {
        if (size == 0) {
            return false;
        }
        var bits = Bits.of(id);
        for (var slice : slices.values()) {
            if (slice.lastAt >= then && slice.ids.contains(bits)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets ids that are older than the window. */
    void expire(long owned) {
        while (!slices.isEmpty() && slices.firstKey() + sliceMillis + windowMillis <= owned) {
            forgetFirst();
        }
    }

    private int forgetFirst() {
        var first = slices.pollFirstEntry();
        first.getValue().blocks.forEach((term, count) -> {
            for (int block = 0; block < count; block++) {
                forgotten.add(new Block(key(first.getKey(), term, block), null));
            }
        });
        size -= first.getValue().ids.size();
        return first.getValue().ids.size();
    }

    boolean isEmpty() {
        return slices.isEmpty();
    }

    /** How many ids it remembers. */
    int size() {
        return size;
    }

    /** How many ids were forgotten before the window had passed, as there were too many. */
    long forgottenEarly() {
        return forgottenEarly;
    }

    /** The start of the youngest slice, in the partition's own time; 0 when there is none. */
    long latest() {
        return slices.isEmpty() ? 0 : slices.lastKey();
    }

    boolean hasUnlogged() {
        return !forgotten.isEmpty() || slices.values().stream().anyMatch(slice -> slice.unloggedLength > 0);
    }

    /**
     * Takes the blocks that the changelog does not have yet.
     *
     * @param term of the owner
     */
    List<Block> takeUnlogged(long term) {
        var blocks = new ArrayList<>(forgotten);
        forgotten.clear();
        slices.forEach((start, slice) -> {
            for (int from = 0; from < slice.unloggedLength; from += 2 * BLOCK_IDS) {
                var to = Math.min(slice.unloggedLength, from + 2 * BLOCK_IDS);
                var block = slice.blocks.merge(term, 1, Integer::sum) - 1;
                blocks.add(new Block(key(start, term, block), value(slice, from, to)));
            }
            slice.logged();
        });
        return blocks;
    }

    /** Restores a block of the changelog. */
    void restore(LogKey key, byte[] value) {
        var place = ByteBuffer.wrap(key.rest());
        var slice = slices.computeIfAbsent(place.getLong(), start -> new Slice());
        slice.blocks.merge(key.term(), place.getInt() + 1, Math::max);
        var in = ByteBuffer.wrap(value);
        slice.lastAt = Math.max(slice.lastAt, in.getLong());
        while (in.hasRemaining()) {
            size += slice.ids.add(new Bits(in.getLong(), in.getLong())) ? 1 : 0;
        }
    }

    void clear() {
        slices.clear();
        forgotten.clear();
        size = 0;
    }

    private static byte[] value(Slice slice, int from, int to) {
        var value = ByteBuffer.allocate(Long.BYTES + (to - from) / 2 * ID_BYTES);
        value.putLong(slice.lastAt);
        for (int i = from; i < to; i++) {
            value.putLong(slice.unlogged[i]);
        }
        return value.array();
    }

    private static Bytes key(long slice, long term, int block) {
        var place =
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(slice).putInt(block);
        return LogKey.of(Kind.ENDED, term, place.array());
    }
}
