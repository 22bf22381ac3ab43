package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the tasks that finished within the deduplication window, so that a second record of the same id is dropped.
 *
 * <p>Kept in slices of a tenth of the window, which are forgotten whole: what is dropped is dropped for one window to one
 * window and a tenth. Ids go in as 128 bits, a UUID as it is and any other by hash. In the changelog they lie in blocks,
 * one per commit and slice instead of one per task: on a prototype, a record for each task had cost a third of the throughput.
 *
 * <p>Belongs to the stream thread.
 */
final class RecentIds {

    /** Begins the key of a block; no task id begins with it. */
    static final byte KEY_MARK = 0;

    private static final int SLICES = 10;
    private static final int ID_BYTES = 16;
    private static final int UUID_LENGTH = 36;
    private static final int BLOCK_IDS = 16_384; // far below the largest record
    private static final int KEY_BYTES = 1 + Long.BYTES + Integer.BYTES;

    /** Ids that finished within the same tenth of the window. */
    private static final class Slice {
        private final Set<UUID> ids = new HashSet<>();
        private final List<UUID> unlogged = new ArrayList<>();
        private int blocks;
    }

    /** A part of a slice as it lies in the changelog; its value is null when it is to be forgotten. */
    record Block(byte[] key, byte @Nullable [] value) {}

    private final long windowMillis;
    private final long sliceMillis;
    private final TreeMap<Long, Slice> slices = new TreeMap<>(); // by start, in epoch milliseconds
    private final List<Block> forgotten = new ArrayList<>();
    private final MessageDigest sha256 = sha256();

    /**
     * @param windowMillis how long an id is remembered; 0 to remember none
     */
    RecentIds(long windowMillis) {
        this.windowMillis = windowMillis;
        this.sliceMillis = Math.max(1, windowMillis / SLICES);
    }

    void add(String id, long now) {
        if (windowMillis > 0) {
            var bits = bits(id);
            var slice = slices.computeIfAbsent(now - Math.floorMod(now, sliceMillis), start -> new Slice());
            slice.ids.add(bits);
            slice.unlogged.add(bits);
        }
    }

    boolean contains(String id) {
        return containsSince(id, Long.MIN_VALUE);
    }

    /** Whether it finished at or after an instant, in epoch milliseconds; as exactly as the slices tell. */
    boolean containsSince(String id, long then) {
        if (slices.isEmpty()) {
            return false;
        }
        var bits = bits(id);
        for (var slice : slices.entrySet()) {
            if (slice.getKey() + sliceMillis > then && slice.getValue().ids.contains(bits)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets what is older than the window. */
    void expire(long now) {
        while (!slices.isEmpty() && slices.firstKey() + sliceMillis + windowMillis <= now) {
            var slice = slices.pollFirstEntry();
            for (int block = 0; block < slice.getValue().blocks; block++) {
                forgotten.add(new Block(key(slice.getKey(), block), null));
            }
        }
    }

    boolean isEmpty() {
        return slices.isEmpty();
    }

    boolean hasUnlogged() {
        return !forgotten.isEmpty() || slices.values().stream().anyMatch(slice -> !slice.unlogged.isEmpty());
    }

    /** What the changelog does not have yet. */
    List<Block> takeUnlogged() {
        var blocks = new ArrayList<>(forgotten);
        forgotten.clear();
        slices.forEach((start, slice) -> {
            for (int from = 0; from < slice.unlogged.size(); from += BLOCK_IDS) {
                var ids = slice.unlogged.subList(from, Math.min(slice.unlogged.size(), from + BLOCK_IDS));
                blocks.add(new Block(key(start, slice.blocks++), value(ids)));
            }
            slice.unlogged.clear();
        });
        return blocks;
    }

    /** Takes a block of the changelog back in. */
    void restore(byte[] key, byte[] value) {
        var buffer = ByteBuffer.wrap(key, 1, KEY_BYTES - 1);
        var slice = slices.computeIfAbsent(buffer.getLong(), start -> new Slice());
        slice.blocks = Math.max(slice.blocks, buffer.getInt() + 1);
        var ids = ByteBuffer.wrap(value);
        while (ids.hasRemaining()) {
            slice.ids.add(new UUID(ids.getLong(), ids.getLong()));
        }
    }

    void clear() {
        slices.clear();
        forgotten.clear();
    }

    private static byte[] value(List<UUID> ids) {
        var value = ByteBuffer.allocate(ids.size() * ID_BYTES);
        ids.forEach(id -> value.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
        return value.array();
    }

    private static byte[] key(long slice, int block) {
        return ByteBuffer.allocate(KEY_BYTES)
                .put(KEY_MARK)
                .putLong(slice)
                .putInt(block)
                .array();
    }

    private UUID bits(String id) {
        var uuid = uuid(id);
        return uuid == null ? hash(id) : uuid;
    }

    /**
     * Reads the usual form of a UUID, small letters only, as two ids must not come to the same bits. By hand, as it runs twice
     * for each task.
     *
     * @return null for any other text
     */
    private static @Nullable UUID uuid(String id) {
        if (id.length() != UUID_LENGTH) {
            return null;
        }
        long most = 0;
        long least = 0;
        for (int i = 0; i < UUID_LENGTH; i++) {
            var c = id.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return null;
                }
                continue;
            }
            var digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) {
                return null;
            }
            if (i < 18) {
                most = most << 4 | digit;
            } else {
                least = least << 4 | digit;
            }
        }
        return new UUID(most, least);
    }

    private UUID hash(String id) {
        var hash = ByteBuffer.wrap(sha256.digest(id.getBytes(UTF_8)));
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
