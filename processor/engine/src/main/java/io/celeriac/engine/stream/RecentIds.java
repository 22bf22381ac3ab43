package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the tasks that finished within the deduplication window, so that a second record of the same id is dropped.
 *
 * <p>Kept in slices of a tenth of the window, which are forgotten whole: what is dropped is dropped for one window to one
 * window and a tenth. Ids go in as 128 bits, a UUID as it is and any other by hash. In the changelog they lie in blocks,
 * one per commit instead of one per task: at the default window, a record for each task had halved the throughput.
 *
 * <p>Belongs to the stream thread.
 */
final class RecentIds {

    private static final int SLICES = 10;
    private static final int ID_BYTES = 16;
    private static final int KEY_BYTES = 1 + Long.BYTES + Integer.BYTES;

    /** Begins the key of a block; no task id begins with it. */
    static final byte KEY_MARK = 0;

    /** Ids that finished in the same tenth of the window. */
    private static final class Slice {
        private final long number;
        private final Set<UUID> ids = new HashSet<>();
        private int blocks;

        Slice(long number) {
            this.number = number;
        }
    }

    /** A part of a slice as it lies in the changelog; its value is null when it is to be forgotten. */
    record Block(byte[] key, byte @Nullable [] value) {}

    private final long sliceMillis;
    private final Deque<Slice> slices = new ArrayDeque<>();
    private final List<UUID> unlogged = new ArrayList<>();
    private final List<Block> forgotten = new ArrayList<>();

    /**
     * @param windowMillis how long an id is remembered; 0 to remember none
     */
    RecentIds(long windowMillis) {
        this.sliceMillis = windowMillis == 0 ? 0 : Math.max(1, windowMillis / SLICES);
    }

    void add(String id, long now) {
        if (sliceMillis == 0) {
            return;
        }
        var bits = bits(id);
        slice(now / sliceMillis).ids.add(bits);
        unlogged.add(bits);
    }

    boolean contains(String id) {
        if (slices.isEmpty()) {
            return false;
        }
        var bits = bits(id);
        for (var slice : slices) {
            if (slice.ids.contains(bits)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets what is older than the window. */
    void expire(long now) {
        while (!slices.isEmpty() && slices.getFirst().number < now / Math.max(1, sliceMillis) - SLICES) {
            var slice = slices.removeFirst();
            for (int block = 0; block < slice.blocks; block++) {
                forgotten.add(new Block(key(slice.number, block), null));
            }
        }
    }

    boolean isEmpty() {
        return slices.isEmpty();
    }

    boolean hasUnlogged() {
        return !unlogged.isEmpty() || !forgotten.isEmpty();
    }

    /** What the changelog does not have yet. */
    List<Block> takeUnlogged() {
        var blocks = new ArrayList<>(forgotten);
        forgotten.clear();
        if (!unlogged.isEmpty() && !slices.isEmpty()) {
            var slice = slices.getLast(); // an id of the slice before may go with it: it is then kept a little longer
            var value = ByteBuffer.allocate(unlogged.size() * ID_BYTES);
            unlogged.forEach(id -> value.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
            blocks.add(new Block(key(slice.number, slice.blocks++), value.array()));
        }
        unlogged.clear();
        return blocks;
    }

    /** Takes a block of the changelog back in. */
    void restore(byte[] key, byte[] value) {
        var buffer = ByteBuffer.wrap(key, 1, KEY_BYTES - 1);
        var slice = slice(buffer.getLong());
        slice.blocks = Math.max(slice.blocks, buffer.getInt() + 1);
        var ids = ByteBuffer.wrap(value);
        while (ids.hasRemaining()) {
            slice.ids.add(new UUID(ids.getLong(), ids.getLong()));
        }
    }

    /** Blocks come back in the order of their keys, and time may step back: then an id goes to the latest slice there is. */
    private Slice slice(long number) {
        if (slices.isEmpty() || slices.getLast().number < number) {
            slices.addLast(new Slice(number));
        }
        return slices.getLast();
    }

    private static byte[] key(long slice, int block) {
        return ByteBuffer.allocate(KEY_BYTES)
                .put(KEY_MARK)
                .putLong(slice)
                .putInt(block)
                .array();
    }

    private static UUID bits(String id) {
        if (id.length() == 36 && id.charAt(8) == '-') {
            try {
                var uuid = UUID.fromString(id);
                if (uuid.toString().equals(id)) {
                    return uuid;
                }
            } catch (IllegalArgumentException e) {
                return hash(id); // only looks like one
            }
        }
        return hash(id);
    }

    private static UUID hash(String id) {
        try {
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8)));
            return new UUID(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
