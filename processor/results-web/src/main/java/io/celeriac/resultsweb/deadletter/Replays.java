package io.celeriac.resultsweb.deadletter;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.topic.Topics;
import io.celeriac.results.replay.DeadLetterReplay;
import io.celeriac.results.replay.NotedReplay;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.StepQueues;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.problem.ProblemException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Replays dead letters: notes each replay, and then sends its task. */
public final class Replays {

    private final Topics topics;
    private final QueueDirectory queues;
    private final TaskSender client;
    private final ReplayNotes notes;
    private final InstantSource clock;

    Replays(Topics topics, QueueDirectory queues, TaskSender client, ReplayNotes notes, InstantSource clock) {
        this.topics = topics;
        this.queues = queues;
        this.client = client;
        this.notes = notes;
        this.clock = clock;
    }

    /**
     * Sends a dead letter's task as it was.
     *
     * @param id of the new task
     */
    public CompletableFuture<Receipt> send(ConsumerRecord<byte[], byte[]> letter, String id, Caller by) {
        return send(letter, ReplayChange.NONE, id, by);
    }

    CompletableFuture<Receipt> send(ConsumerRecord<byte[], byte[]> letter, ReplayChange change, String id, Caller by) {
        var now = clock.instant();
        var replay = Replay.of(letter, change, by.may(Authority.TASK_PAYLOAD), id, topics, now);
        if (change.isAny()) {
            by.require(Authority.TASK_SUBMIT, "a replay with a value or a queue");
            by.require(Authority.TASK_SUBMIT, "queue", replay.queue());
            StepQueues.require(by, Authority.TASK_SUBMIT, "value.", replay.task());
        }
        queues.require("queue", replay.queue());
        var digest = change.digest();
        notes.ofTask(id).ifPresent(noted -> requireSame(noted, letter, replay.queue(), digest));
        var prepared = client.prepared(replay.queue(), replay.task(), replay.recordKey(), replay.headers());
        notes.add(letter, new DeadLetterReplay(id, replay.queue(), replay.edited(), by.name(), now), digest);
        return client.send(prepared);
    }

    /** A repeated request is answered as the first one, as its task is the same. Another request would be dropped by the workers. */
    private static void requireSame(
            NotedReplay noted, ConsumerRecord<byte[], byte[]> letter, String queue, @Nullable String digest) {
        if (!noted.letter().equals(ReplayNotes.place(letter))) {
            throw ProblemException.invalid(
                    "Idempotency-Key",
                    "was used before, for the dead letter " + noted.letter().partition() + "/"
                            + noted.letter().offset());
        }
        if (!noted.queue().equals(queue) || !Objects.equals(noted.digest(), digest)) {
            throw ProblemException.invalid(
                    "Idempotency-Key", "was used before, for this dead letter with another value or queue");
        }
    }
}
