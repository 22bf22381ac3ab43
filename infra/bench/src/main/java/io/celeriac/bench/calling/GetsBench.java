package io.celeriac.bench.calling;

import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.bench.subject.Memory;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;

/** Waits for results: one after the other, among many who wait, and many at once. */
final class GetsBench {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration FAR = Duration.ofDays(1);

    private final Bench bench;

    GetsBench(Bench bench) {
        this.bench = bench;
    }

    Gets run() {
        try (var installation = bench.installation("gets");
                var worker = bench.worker(installation);
                var client = bench.client(installation)) {
            var alone = roundTrips(client);
            var before = Memory.afterGc().heapBytes();
            var others = wait(client);
            var held = Math.max(0, Memory.afterGc().heapBytes() - before);
            bench.tell(others.size() + " wait");
            var among = roundTrips(client);
            if (others.stream().anyMatch(CompletableFuture::isDone)) {
                throw new IllegalStateException("those that wait should not have a result" + worker.logTail());
            }
            return new Gets(alone, among, others.size(), held, together(client));
        }
    }

    private Percentiles roundTrips(Client client) {
        var micros = new Histogram(3);
        var warmUp = bench.parameters().warmUp();
        for (int i = 0; i < warmUp + bench.parameters().roundTrips(); i++) {
            var took = roundTrip(client);
            if (i >= warmUp) {
                micros.recordValue(took);
            }
        }
        return Percentiles.of(micros);
    }

    /** Microseconds from the send of a task to its result. */
    static long roundTrip(Client client) {
        var sent = System.nanoTime();
        try {
            client.tasks().send(EngineWorkerMain.NOOP).get(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no result", e);
        }
        return (System.nanoTime() - sent) / 1_000;
    }

    private List<CompletableFuture<JsonNode>> wait(Client client) {
        var task = Task.of(EngineWorkerMain.NOOP);
        var waiting = new ArrayList<CompletableFuture<JsonNode>>();
        var receipts = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < bench.parameters().waiting(); i++) {
            var handle = client.tasks().send(task, options -> options.countdown(FAR));
            receipts.add(handle.receipt());
            waiting.add(handle.result());
        }
        CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
        return waiting;
    }

    private Percentiles together(Client client) {
        var micros = new ConcurrentHistogram(3);
        var ended = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < bench.parameters().waiting(); i++) {
            var sent = System.nanoTime();
            ended.add(client.tasks()
                    .send(EngineWorkerMain.NOOP)
                    .result()
                    .thenRun(() -> micros.recordValue((System.nanoTime() - sent) / 1_000)));
        }
        CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new)).join();
        return Percentiles.of(micros);
    }
}
