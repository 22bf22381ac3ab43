package io.celeriac.controlweb.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.topic.Topics;
import io.celeriac.controlweb.fleet.Fleet.Acknowledgements;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Sends commands and settings, and waits for a second until workers have acknowledged them. Safe for use by several threads. A call
 * blocks only while the producer does not know the topic, for five seconds at most.
 */
public final class Commands {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(2);

    private final Producer<byte[], byte[]> producer;
    private final Admin admin;
    private final Topics topics;
    private final Fleet fleet;
    private CompletableFuture<Boolean> turn = CompletableFuture.completedFuture(true); // guarded by this

    Commands(Producer<byte[], byte[]> producer, Admin admin, Topics topics, Fleet fleet) {
        this.producer = producer;
        this.admin = admin;
        this.topics = topics;
        this.fleet = fleet;
    }

    /**
     * Puts a setting in force, or takes it back.
     *
     * <p>If two gateways change what both have seen at the same moment, the topic tells which came first. The other one puts that change
     * in force again, and fails.
     *
     * @param expected id of the setting that the caller has seen; null for any, empty for none
     * @param who is to acknowledge it
     * @return fails with 412 when another setting is in force than expected
     */
    public CompletableFuture<Acknowledgements> set(
            LiveSetting setting, @Nullable String expected, Collection<String> who) {
        var done = expected == null ? put(setting) : inTurn(() -> putIf(setting, expected));
        return done.thenCompose(read -> fleet.awaitAcknowledgements(setting.id(), who, PATIENCE));
    }

    /** Runs conditional changes of this gateway one after the other. */
    private synchronized CompletableFuture<Boolean> inTurn(Supplier<CompletableFuture<Boolean>> change) {
        var mine = turn.handle((before, failure) -> before).thenComposeAsync(before -> change.get());
        turn = mine;
        return mine;
    }

    private CompletableFuture<Boolean> putIf(LiveSetting setting, String expected) {
        return upToDate()
                .thenAccept(isUpToDate -> {
                    requireUpToDate(isUpToDate);
                    requireExpected(setting.kind(), setting.target(), expected);
                })
                .thenComposeAsync(done -> put(setting))
                .thenComposeAsync(isRead -> {
                    requireUpToDate(isRead);
                    var first = fleet.firstSince(expected, setting.id());
                    return first.isEmpty() || first.get().id().equals(setting.id())
                            ? CompletableFuture.completedFuture(isRead)
                            : giveWay(setting, first.get());
                });
    }

    /** Completes when the setting was written and read, or could not be read in time. */
    private CompletableFuture<Boolean> put(LiveSetting setting) {
        return send(topics.settings(), setting.key(), setting)
                .thenCompose(sent -> fleet.awaitSettings(sent.offset() + 1, READ_PATIENCE));
    }

    private CompletableFuture<Boolean> giveWay(LiveSetting late, LiveSetting first) {
        var restored = fleet.isLast(late) ? put(first) : CompletableFuture.completedFuture(true);
        return restored.thenApply(done -> {
            throw changed(first.by() + " has changed it at " + first.at());
        });
    }

    /** Completes when all settings that the topic has now were read. */
    private CompletableFuture<Boolean> upToDate() {
        var partition = new TopicPartition(topics.settings(), 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .toCompletionStage()
                .toCompletableFuture()
                .thenCompose(end -> fleet.awaitSettings(end.offset(), READ_PATIENCE));
    }

    private static void requireUpToDate(boolean isUpToDate) {
        if (!isUpToDate) {
            throw ProblemException.busy(
                    "The settings could not be read to their end, so it is not known whether somebody has changed this one",
                    READ_PATIENCE);
        }
    }

    private void requireExpected(Kind kind, String target, String expected) {
        var inForce = fleet.setting(kind, target);
        if (!inForce.map(LiveSetting::id).orElse("").equals(expected)) {
            throw changed(inForce.map(one -> one.by() + " has changed it at " + one.at())
                    .orElse("It was taken back"));
        }
    }

    private static ProblemException changed(String what) {
        return new ProblemException(HttpStatus.PRECONDITION_FAILED, what + ". Read it again, and then change it");
    }

    /** Purges a queue. */
    public CompletableFuture<Acknowledgements> purge(PurgeCommand command, Collection<String> who) {
        return send(topics.control(), command.key(), command)
                .thenCompose(sent -> fleet.awaitAcknowledgements(command.id(), who, PATIENCE));
    }

    /** Tells a worker to do something. */
    public CompletableFuture<Acknowledgements> tell(WorkerCommand command) {
        return send(topics.control(), command.key(), command)
                .thenCompose(sent -> fleet.awaitAcknowledgements(command.id(), List.of(command.worker()), PATIENCE));
    }

    private CompletableFuture<RecordMetadata> send(String topic, String key, Object value) {
        var sent = new CompletableFuture<RecordMetadata>();
        producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), TaskJson.bytes(value)), (metadata, error) -> {
            if (error == null) {
                sent.complete(metadata);
            } else {
                sent.completeExceptionally(error);
            }
        });
        return sent;
    }
}
