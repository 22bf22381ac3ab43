package io.celeriac.resultsweb.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The position of a stream: the next offset of every partition of the results topic. Its text is {@code 0-17.1-40}:
 * partition, hyphen, next offset, by ascending partition. It means the same to every gateway, whatever the order in
 * which each gateway read the records.
 */
public final class Position {

    /** Before everything. */
    public static final Position START = new Position(new long[0]);

    private static final int MOST_PARTITIONS = 10_000;
    private static final int LONGEST_TEXT = 100_000;
    private static final Pattern PART = Pattern.compile("(0|[1-9][0-9]{0,3})-(0|[1-9][0-9]{0,17})");
    private static final long UNKNOWN = -1;

    private final long[] next;
    private byte @Nullable [] idLine; // created on first use; two threads may create the same line

    private Position(long[] next) {
        this.next = next;
    }

    /**
     * @param nextOffsets by partition
     */
    static Position of(Map<Integer, Long> nextOffsets) {
        var position = START;
        for (var entry : nextOffsets.entrySet()) {
            position = position.with(entry.getKey(), entry.getValue());
        }
        return position;
    }

    /**
     * Reads the text.
     *
     * @throws IllegalArgumentException when it is not a position; the message follows the name of the value: "must be ..."
     */
    public static Position parse(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw invalid();
        }
        var parts = text.split("\\.", -1);
        var next = new long[0];
        for (var part : parts) {
            var matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw invalid();
            }
            var partition = Integer.parseInt(matcher.group(1));
            if (partition < next.length) {
                throw invalid();
            }
            next = grown(next, partition);
            next[partition] = Long.parseLong(matcher.group(2));
        }
        return new Position(next);
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException("must be the id of an event, as in 0-17.1-40");
    }

    /** The next offset; 0 for a partition that is not known. */
    long next(int partition) {
        return partition < next.length ? Math.max(0, next[partition]) : 0;
    }

    /** The same position, except for one partition. */
    Position with(int partition, long nextOffset) {
        if (partition >= MOST_PARTITIONS) {
            throw new IllegalArgumentException("partition must be below " + MOST_PARTITIONS + ", but is " + partition);
        }
        var changed = partition < next.length ? next.clone() : grown(next, partition);
        changed[partition] = nextOffset;
        return new Position(changed);
    }

    /** The further of both, for each partition. */
    Position max(Position other) {
        if (covers(other)) {
            return this;
        }
        var most = Arrays.copyOf(next, Math.max(next.length, other.next.length));
        Arrays.fill(most, next.length, most.length, UNKNOWN);
        for (var partition = 0; partition < other.next.length; partition++) {
            most[partition] = Math.max(most[partition], other.next[partition]);
        }
        return new Position(most);
    }

    /** True when it is as far as the other, or further, in every partition. */
    public boolean covers(Position other) {
        for (var partition = 0; partition < other.next.length; partition++) {
            if (next(partition) < other.next(partition)) {
                return false;
            }
        }
        return true;
    }

    /** The id line of an event that ends at this position. */
    byte[] idLine() {
        var line = idLine;
        if (line == null) {
            line = ("id: " + this + "\n").getBytes(US_ASCII);
            idLine = line;
        }
        return line;
    }

    private static long[] grown(long[] next, int partition) {
        var grown = Arrays.copyOf(next, partition + 1);
        Arrays.fill(grown, next.length, grown.length, UNKNOWN);
        return grown;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Position position && covers(position) && position.covers(this);
    }

    @Override
    public int hashCode() {
        var hash = 0;
        for (var partition = 0; partition < next.length; partition++) {
            hash += Long.hashCode(next(partition)) * (partition + 1);
        }
        return hash;
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var partition = 0; partition < next.length; partition++) {
            if (next[partition] >= 0) {
                text.append(text.isEmpty() ? "" : ".")
                        .append(partition)
                        .append('-')
                        .append(next[partition]);
            }
        }
        return text.toString();
    }
}
