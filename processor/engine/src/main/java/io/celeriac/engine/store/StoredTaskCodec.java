package io.celeriac.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.FailedAttempt;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.SourceRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;

/**
 * Encodes a {@link StoredTask} as a version, a kind and fixed fields. The task itself stays the bytes of its record. Thanks to the
 * version, a worker that is rolled back refuses a newer format instead of misreading it.
 */
public final class StoredTaskCodec {

    private static final Logger LOG = LoggerFactory.getLogger(StoredTaskCodec.class);

    private static final byte VERSION = 2;
    private static final byte WAITING = 'W';
    private static final byte UNPUBLISHED = 'U'; // as WAITING, with something to send
    private static final byte ENDED = 'E';
    private static final Task UNREAD = Task.named("unread").build();
    private static final TypeReference<List<FailedAttempt>> HISTORY = new TypeReference<>() {};

    /** Makes the records to send for an accepted task that the rules of this version refuse. */
    @FunctionalInterface
    public interface Refusal {

        /**
         * @param task its record, with as much of the task as can be read
         */
        List<OutboundRecord> of(AcceptedTask task, InvalidTaskException why);
    }

    private final String queue;
    private final String topic;
    private final Refusal refusal;

    public StoredTaskCodec(String queue, String topic, Refusal refusal) {
        this.queue = queue;
        this.topic = topic;
        this.refusal = refusal;
    }

    /** The fields of a stored task that can be read without reading the task itself. */
    public record Outline(byte kind, long due, long acceptedAt, int attempts, int deaths, long offset) {

        /** Whether records are still to be sent that the former owner could not send. */
        public boolean hasUnpublished() {
            return kind != WAITING;
        }
    }

    /** The fields after the outline. */
    private record Body(SourceRecord origin, byte[] value, long revision, List<FailedAttempt> history) {

        AcceptedTask accepted(String id, Outline outline, Task task) {
            return new AcceptedTask(
                    origin,
                    id,
                    task,
                    outline.attempts,
                    revision,
                    history,
                    Instant.ofEpochMilli(outline.acceptedAt),
                    outline.deaths);
        }

        /**
         * The task as its record has it, with an id that the record may lack.
         *
         * @throws InvalidTaskException when the rules of this version refuse it, or its id
         */
        Task task(String id) {
            return TaskJson.task(value).toBuilder().id(id).build();
        }
    }

    public byte[] encode(StoredTask stored) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeByte(kind(stored));
            out.writeLong(stored instanceof Waiting waiting ? waiting.due() : 0);
            out.writeLong(stored.task().acceptedAt().toEpochMilli());
            out.writeInt(stored.task().attempts());
            out.writeInt(stored.task().deaths());
            out.writeLong(stored.task().origin().offset());
            write(out, stored.task());
            if (stored instanceof Ended ended) {
                out.writeUTF(ended.state().name());
            }
            if (kind(stored) != WAITING) {
                out.writeInt(stored.unpublished().size());
                for (var publication : stored.unpublished()) {
                    write(out, publication);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
        return bytes.toByteArray();
    }

    private static byte kind(StoredTask stored) {
        return stored instanceof Ended ? ENDED : stored.unpublished().isEmpty() ? WAITING : UNPUBLISHED;
    }

    Outline outline(String id, byte[] stored) {
        try (var in = open(stored)) {
            return outline(in, id);
        } catch (IOException e) {
            throw new UncheckedIOException("task " + id + " was stored incompletely", e);
        }
    }

    public StoredTask decode(String id, byte[] stored) {
        try (var in = open(stored)) {
            var outline = outline(in, id);
            var body = body(in, id, outline);
            return outline.kind == ENDED
                    ? new Ended(
                            body.accepted(id, outline, readOrNot(id, body)),
                            TaskState.valueOf(in.readUTF()),
                            publications(in))
                    : waiting(id, outline, body, outline.kind == UNPUBLISHED ? publications(in) : List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("task " + id + " was stored incompletely", e);
        }
    }

    private static DataInputStream open(byte[] stored) {
        return new DataInputStream(new ByteArrayInputStream(stored));
    }

    private static Outline outline(DataInputStream in, String id) throws IOException {
        var version = in.readByte();
        if (version != VERSION) {
            throw new IllegalStateException("task " + id + " was stored in format " + version
                    + ", but this worker reads format " + VERSION + ": a worker of another version has written it");
        }
        return new Outline(in.readByte(), in.readLong(), in.readLong(), in.readInt(), in.readInt(), in.readLong());
    }

    private static void write(DataOutputStream out, AcceptedTask task) throws IOException {
        var origin = task.origin();
        out.writeLong(task.revision());
        out.writeInt(origin.partition());
        out.writeLong(origin.timestamp().toEpochMilli());
        write(out, origin.key());
        write(out, origin.value());
        write(out, List.of(origin.headers().toArray()));
        write(out, task.history().isEmpty() ? null : TaskJson.bytes(task.history()));
    }

    /** Reads an ended task if it can be read. Only its outcome is published, so the task itself is not needed. */
    private static Task readOrNot(String id, Body body) {
        try {
            return body.task(id);
        } catch (InvalidTaskException e) {
            LOG.warn("a task that has ended breaks the rules of this version: {}", e.withoutValues());
            return UNREAD;
        }
    }

    private StoredTask waiting(String id, Outline outline, Body body, List<OutboundRecord> unpublished) {
        try {
            return new Waiting(body.accepted(id, outline, body.task(id)), outline.due, unpublished);
        } catch (InvalidTaskException e) {
            var unread = body.accepted(id, outline, UNREAD);
            return new Ended(unread, TaskState.FAILURE, refusal.of(unread, e));
        }
    }

    private Body body(DataInputStream in, String id, Outline outline) throws IOException {
        var revision = in.readLong();
        var partition = in.readInt();
        var timestamp = Instant.ofEpochMilli(in.readLong());
        var key = bytes(in);
        var value = bytes(in);
        var headers = new RecordHeaders(headers(in));
        var history = bytes(in);
        if (value == null) {
            throw new IllegalStateException("task " + id + " was stored without its record");
        }
        return new Body(
                new SourceRecord(queue, topic, partition, outline.offset, timestamp, key, value, headers),
                value,
                revision,
                history == null ? List.of() : TaskJson.MAPPER.readValue(history, HISTORY));
    }

    private static void write(DataOutputStream out, OutboundRecord publication) throws IOException {
        out.writeUTF(publication.destination().name());
        out.writeUTF(publication.topic());
        write(out, publication.key());
        write(out, publication.value());
        write(out, publication.headers());
    }

    private static List<OutboundRecord> publications(DataInputStream in) throws IOException {
        var count = in.readInt();
        var publications = new ArrayList<OutboundRecord>(count);
        for (int i = 0; i < count; i++) {
            publications.add(new OutboundRecord(
                    Destination.valueOf(in.readUTF()), in.readUTF(), bytes(in), bytes(in), headers(in)));
        }
        return publications;
    }

    private static void write(DataOutputStream out, List<Header> headers) throws IOException {
        out.writeInt(headers.size());
        for (var header : headers) {
            write(out, header.key().getBytes(UTF_8)); // no writeUTF: names may be as long as records
            write(out, header.value());
        }
    }

    private static List<Header> headers(DataInputStream in) throws IOException {
        var count = in.readInt();
        var headers = new ArrayList<Header>(count);
        for (int i = 0; i < count; i++) {
            var name = bytes(in);
            headers.add(new RecordHeader(name == null ? "" : new String(name, UTF_8), bytes(in)));
        }
        return headers;
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] bytes(DataInputStream in) throws IOException {
        var length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }
}
