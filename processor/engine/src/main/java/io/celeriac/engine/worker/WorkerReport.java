package io.celeriac.engine.worker;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.control.Heartbeat.RunningAttempt;
import io.celeriac.contract.control.RateLimit;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.heartbeat.Acknowledgements;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the heartbeats of a worker from what its parts know. */
final class WorkerReport {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerReport.class);

    /** How long stream threads have to count: one that restores or commits answers later, and its numbers are then not known. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final String worker;
    private final Dispatcher dispatcher;
    private final HandlerRegistry handlers;
    private final WorkerQueues queues;
    private final Acknowledgements acknowledgements;
    private final InstantSource clock;
    private final Instant startedAt;
    private final String host = hostName();

    WorkerReport(
            String worker,
            Dispatcher dispatcher,
            HandlerRegistry handlers,
            WorkerQueues queues,
            Acknowledgements acknowledgements,
            InstantSource clock) {
        this.worker = worker;
        this.dispatcher = dispatcher;
        this.handlers = handlers;
        this.queues = queues;
        this.acknowledgements = acknowledgements;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // a host without a name of its own
        }
    }

    /** What is now. Waits for the stream threads, half a second at most. */
    Heartbeat now() {
        var parts = queues.withPartitions().stream().map(this::part).toList();
        return new Heartbeat(
                worker,
                host,
                Worker.class.getPackage().getImplementationVersion(),
                startedAt,
                clock.instant(),
                queues.state(),
                new LimitInForce<>(dispatcher.configuredConcurrency(), dispatcher.concurrency()),
                dispatcher.running(),
                dispatcher.lost(),
                parts,
                attempts(),
                handlers.all().stream()
                        .sorted(Comparator.comparing(Handler::name))
                        .map(this::info)
                        .toList(),
                acknowledgements.all());
    }

    private List<RunningAttempt> attempts() {
        return dispatcher.attempts().stream()
                .sorted(Comparator.comparing(RunningAttempt::startedAt).thenComparing(RunningAttempt::id))
                .limit(Heartbeat.MOST_ATTEMPTS)
                .toList();
    }

    private QueuePart part(QueueWorker queue) {
        var answers = dispatcher.askForCounts(queue.queue());
        await(answers);
        Map<Integer, PartitionPart> counted = new HashMap<>();
        answers.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .forEach(part -> counted.put(part.partition(), part));
        var condition = queue.condition();
        return new QueuePart(
                queue.queue(),
                condition.state(),
                condition.reason(),
                queue.partitions().stream()
                        .map(partition -> counted.getOrDefault(partition, PartitionPart.unknown(partition)))
                        .toList());
    }

    private static void await(List<CompletableFuture<PartitionPart>> answers) {
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("not all partitions have counted their tasks", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HandlerInfo info(Handler handler) {
        var configured = handler.limits();
        var now = dispatcher.limits(handler);
        return new HandlerInfo(
                handler.name(),
                handler.aliases().stream().sorted().toList(),
                handler.call().parameters(),
                new LimitInForce<>(configured.concurrency(), now.concurrency()),
                new LimitInForce<>(notation(configured.rate()), notation(now.rate())),
                secrets(handler.redaction()));
    }

    /** Names and indexes of the secret arguments, or the word for all. */
    static List<String> secrets(Redaction redaction) {
        return redaction.allArguments()
                ? List.of(HandlerInfo.ALL)
                : Stream.concat(
                                redaction.names().stream(),
                                redaction.positions().stream().map(String::valueOf))
                        .sorted()
                        .toList();
    }

    private static @Nullable String notation(@Nullable RateLimit rate) {
        return rate == null ? null : rate.notation();
    }
}
