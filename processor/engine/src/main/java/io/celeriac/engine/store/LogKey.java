package io.celeriac.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.engine.poison.OwnerMark;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * A key of the store's changelog. It holds the term of the owner that wrote it, so that no owner overwrites a record of a later
 * owner: an owner that was suspended, and has lost its partition without knowing, may still write.
 *
 * @param kind what the record holds
 * @param term of the owner
 * @param rest what distinguishes it from other keys of its kind and term
 */
public record LogKey(Kind kind, long term, byte[] rest) {

    /** The kinds of record in the changelog. */
    public enum Kind {
        /** Ids of tasks that have ended, a block of {@link DeduplicationWindow}. */
        ENDED(0),
        /** An {@link OwnerMark}. */
        MARK(1),
        /** The progress of an owner, a {@link PartitionProgress}. */
        PROGRESS(2),
        /** The offset where the owner of a term began to read, a {@link Term}. */
        TERM(3),
        /** Who has a unique key, an entry of {@link UniqueKeys}. */
        UNIQUE(4),
        /** A task. Its key begins with its id; no id begins with a byte as low as those of the other kinds. */
        TASK(5);

        private final byte first;

        Kind(int first) {
            this.first = (byte) first;
        }

        private static Kind of(byte first) {
            return switch (first) {
                case 0 -> ENDED;
                case 1 -> MARK;
                case 2 -> PROGRESS;
                case 3 -> TERM;
                case 4 -> UNIQUE;
                default -> TASK;
            };
        }
    }

    private static final byte[] NOTHING = {};

    static Bytes of(Kind kind, long term) {
        return of(kind, term, NOTHING);
    }

    static Bytes of(Kind kind, long term, byte[] rest) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES + rest.length)
                .put(kind.first)
                .putLong(term)
                .put(rest)
                .array());
    }

    public static Bytes ofTask(String id, long term) {
        var bytes = id.getBytes(UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(bytes.length + Long.BYTES)
                .put(bytes)
                .putLong(term)
                .array());
    }

    public static LogKey parse(byte[] key) {
        var kind = Kind.of(key[0]);
        var isTask = kind == Kind.TASK;
        var from = isTask ? 0 : 1 + Long.BYTES;
        var to = isTask ? key.length - Long.BYTES : key.length;
        var term = ByteBuffer.wrap(key, isTask ? to : 1, Long.BYTES).getLong();
        return new LogKey(kind, term, Arrays.copyOfRange(key, from, to));
    }

    /** The id of the task. */
    public String id() {
        if (kind != Kind.TASK) {
            throw new IllegalStateException("a key of " + kind + " has no task");
        }
        return new String(rest, UTF_8);
    }
}
