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
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Sends commands and settings, and waits for a second until workers have acknowledged them. Safe for use by several threads. A call
 * blocks only while the producer does not know the topic, for five seconds at most.
 */
public final class Commands {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(2);

    /** How often a setting is written again while others change it all the time. */
    private static final int MOST_REPAIRS = 10;

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
     * <p>If several gateways change what all have seen at the same moment, the topic tells which came first. The others put what holds in
     * force again, and fail.
     *
     * @param expected id of the setting that the caller has seen; null for any, empty for none
     * @param who is to acknowledge it
     * @return fails with 412 when another setting is in force than expected
     */
    public CompletableFuture<Acknowledgements> set(
            LiveSetting setting, @Nullable String expected, Collection<String> who) {
        var done = expected == null ? put(setting, ChangeTerms.NONE) : inTurn(() -> putIf(setting, expected));
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
                .thenComposeAsync(done -> put(setting, ChangeTerms.expecting(expected)))
                .thenComposeAsync(isRead -> {
                    requireUpToDate(isRead);
                    return fleet.changes()
                            .winnerOver(setting.id())
                            .map(winner -> giveWay(setting, winner))
                            .orElseGet(() -> CompletableFuture.completedFuture(isRead));
                });
    }

    /** Completes when the setting was written and read, or could not be read in time. */
    private CompletableFuture<Boolean> put(LiveSetting setting, ChangeTerms terms) {
        return send(topics.settings(), setting.key(), setting, terms.headers())
                .thenCompose(sent -> fleet.awaitSettings(sent.offset() + 1, READ_PATIENCE));
    }

    private CompletableFuture<Boolean> giveWay(LiveSetting late, LiveSetting winner) {
        return repair(late.key(), MOST_REPAIRS).thenApply(done -> {
            throw changed(winner.by() + " has changed it at " + winner.at());
        });
    }

    /** Writes again what holds, until nothing else was written meanwhile. */
    private CompletableFuture<Boolean> repair(String key, int times) {
        var repair = fleet.changes().repair(key);
        if (repair.isEmpty() || times == 0) {
            return CompletableFuture.completedFuture(repair.isEmpty());
        }
        return put(repair.get().setting(), ChangeTerms.restoring(repair.get().after()))
                .thenComposeAsync(isRead -> repair(key, isRead ? times - 1 : 0));
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
        return send(topic, key, value, List.of());
    }

    private CompletableFuture<RecordMetadata> send(String topic, String key, Object value, List<Header> headers) {
        var sent = new CompletableFuture<RecordMetadata>();
        var record = new ProducerRecord<>(topic, null, key.getBytes(UTF_8), TaskJson.bytes(value), headers);
        producer.send(record, (metadata, error) -> {
            if (error == null) {
                sent.complete(metadata);
            } else {
                sent.completeExceptionally(error);
            }
        });
        return sent;
    }
}
