package io.celeriac.client.result;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the first record of a task's result may lie in its partition: at an offset, at a time, or anywhere.
 *
 * @param offset no record of the result is before it; null if not known
 * @param time no record of the result is older; null if not known
 */
public record Since(@Nullable Long offset, @Nullable Instant time) {

    /** Anywhere in the partition. */
    public static final Since BEGINNING = new Since(null, null);

    /** No record is before this offset. */
    public static Since offset(long offset) {
        return new Since(offset, null);
    }

    /** No record is older. */
    public static Since time(Instant time) {
        return new Since(null, time);
    }

    /** By the time in a UUIDv7 (RFC 9562, 5.7). Any other id tells nothing. */
    public static Since idWasMade(String id) {
        try {
            var uuid = UUID.fromString(id);
            return uuid.version() == 7 ? time(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16)) : BEGINNING;
        } catch (IllegalArgumentException e) { // chosen by the caller
            return BEGINNING;
        }
    }

    boolean isBeginning() {
        return offset == null && time == null;
    }
}
