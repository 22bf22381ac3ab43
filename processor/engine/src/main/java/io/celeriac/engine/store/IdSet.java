package io.celeriac.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A set of task ids in 128 bits each: a UUID as it is, any other id by hash. Open addressing in one array, as there may be
 * millions: 22 to 43 bytes an id while it grows, 19 once it is {@link #trim trimmed}. Not safe for use by several threads.
 */
final class IdSet {

    /** An id in 128 bits; (0, 0) for none. */
    record Bits(long most, long least) {

        private static final int UUID_LENGTH = 36;
        private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Bits::sha256);

        static Bits of(String id) {
            if (id.length() == UUID_LENGTH) {
                var uuid = uuid(id);
                if (uuid != null) {
                    return uuid;
                }
            }
            var hash = ByteBuffer.wrap(SHA_256.get().digest(id.getBytes(UTF_8)));
            return new Bits(hash.getLong(), hash.getLong());
        }

        /**
         * Reads the usual form of a UUID, in lower case only, as two ids must not have the same bits. Parsed by hand, as it runs for
         * each task.
         *
         * @return null for any other text, and for the UUID of zeros
         */
        private static @Nullable Bits uuid(String id) {
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
            return (most | least) == 0 ? null : new Bits(most, least);
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    private static final int FEWEST = 16;
    private static final double GROWS_AT = 0.75;
    private static final double TRIMMED_TO = 0.85;

    private long[] slots = new long[2 * FEWEST]; // most and least bits in turn; both 0 in a free slot
    private int size;

    /** Adds an id. Returns whether it was absent. */
    boolean add(Bits id) {
        var slot = find(id);
        if (isTaken(slot)) {
            return false;
        }
        put(slot, id.most, id.least);
        size++;
        if (size > GROWS_AT * capacity()) {
            rehash(2 * capacity());
        }
        return true;
    }

    boolean contains(Bits id) {
        return isTaken(find(id));
    }

    /** Removes an id. Returns whether it was present. */
    boolean remove(Bits id) {
        var free = find(id);
        if (!isTaken(free)) {
            return false;
        }
        size--;
        for (var next = after(free); isTaken(next); next = after(next)) {
            var home = home(slots[2 * next], slots[2 * next + 1]);
            if (isBetween(home, free, next)) {
                continue; // it can be found where it is
            }
            put(free, slots[2 * next], slots[2 * next + 1]);
            free = next;
        }
        put(free, 0, 0);
        return true;
    }

    /** Whether a slot lies after the free slot and not after the other slot, in a circle. */
    private static boolean isBetween(int slot, int free, int other) {
        return free <= other ? slot > free && slot <= other : slot > free || slot <= other;
    }

    int size() {
        return size;
    }

    /** Shrinks the array to the size that the ids need. To be called when few more ids come. */
    void trim() {
        var enough = Math.max(FEWEST, (int) (size / TRIMMED_TO) + 1);
        if (enough < capacity()) {
            rehash(enough);
        }
    }

    private int capacity() {
        return slots.length / 2;
    }

    private void rehash(int capacity) {
        var before = slots;
        slots = new long[2 * capacity];
        for (int i = 0; i < before.length; i += 2) {
            if ((before[i] | before[i + 1]) != 0) {
                put(find(before[i], before[i + 1]), before[i], before[i + 1]);
            }
        }
    }

    private int find(Bits id) {
        return find(id.most, id.least);
    }

    /** The slot of an id, or the free slot where it would be. */
    private int find(long most, long least) {
        var slot = home(most, least);
        while (isTaken(slot) && (slots[2 * slot] != most || slots[2 * slot + 1] != least)) {
            slot = after(slot);
        }
        return slot;
    }

    private int after(int slot) {
        return slot + 1 == capacity() ? 0 : slot + 1;
    }

    private boolean isTaken(int slot) {
        return (slots[2 * slot] | slots[2 * slot + 1]) != 0;
    }

    private void put(int slot, long most, long least) {
        slots[2 * slot] = most;
        slots[2 * slot + 1] = least;
    }

    /** The bits of a UUIDv7 are mostly time, so they are mixed first (the finalizer of MurmurHash3). */
    private int home(long most, long least) {
        var hash = most * 0x9e3779b97f4a7c15L ^ least;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (int) Math.multiplyHigh(hash >>> 1, 2L * capacity());
    }

    void clear() {
        slots = new long[2 * FEWEST];
        size = 0;
    }

    /** Bytes of heap. */
    long bytes() {
        return 8L * slots.length;
    }
}
