package io.celeriac.contract.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Derives ids from the origin of a task, so that a task that is emitted twice runs once: UUID version 5 (RFC 9562 §5.5).
 */
public final class TaskIds {

    /** Celeriac's namespace for version 5: the UUIDv5 of {@code celeriac.io} in the DNS namespace of RFC 9562. */
    private static final UUID CELERIAC =
            version5(UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "celeriac.io");

    private TaskIds() {}

    /** Id of a task whose record has none, from {@code topic/partition/offset}. */
    public static String ofRecord(String topic, int partition, long offset) {
        return version5(CELERIAC, topic + "/" + partition + "/" + offset).toString();
    }

    /** Id of the task that one firing of a schedule emits. */
    public static String ofFiring(String scheduleId, Instant fireTime) {
        return version5(CELERIAC, "firing/" + scheduleId + "/" + fireTime).toString();
    }

    /**
     * Id of a task that another emits.
     *
     * @param parentId the emitting task
     * @param relation to the parent, such as {@code success} or {@code child}
     * @param index among the tasks of the same relation, from 0
     */
    public static String ofChild(String parentId, String relation, int index) {
        return version5(CELERIAC, relation + "/" + parentId + "/" + index).toString();
    }

    /**
     * Id of an action that is asked for with a key of the caller's own.
     *
     * @param caller name of the caller
     * @param key that the caller repeats with a repeated request
     */
    public static String ofAction(String caller, String key) {
        return version5(CELERIAC, "action/" + caller + "/" + key).toString();
    }

    /**
     * Id of the task that runs a task again which has ended. It follows from the run alone, so whatever sends that run again, by a retry
     * or a replay, gives the new task the same id.
     *
     * @param taskId of the task that has ended
     * @param queue that its record came from
     * @param partition of its record; null when it is not known
     * @param offset of its record; null when it is not known
     */
    public static String ofRerun(String taskId, String queue, @Nullable Integer partition, @Nullable Long offset) {
        return version5(CELERIAC, "rerun/" + taskId + "/" + queue + "/" + partition + "/" + offset)
                .toString();
    }

    private static UUID version5(UUID namespace, String name) {
        var sha1 = sha1();
        sha1.update(ByteBuffer.allocate(16)
                .putLong(namespace.getMostSignificantBits())
                .putLong(namespace.getLeastSignificantBits())
                .flip());
        var hash = ByteBuffer.wrap(sha1.digest(name.getBytes(UTF_8)));
        return new UUID(
                (hash.getLong() & 0xffff_ffff_ffff_0fffL) | 0x5000L,
                (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
