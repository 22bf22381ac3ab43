package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.Schema;
import java.time.Duration;

/** One action that retries all failed tasks of a table that has no others. */
final class RetryBench {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final long TELL_NANOS = Duration.ofSeconds(30).toNanos();

    private final Bench bench;

    RetryBench(Bench bench) {
        this.bench = bench;
    }

    Retries run() {
        try (var many = bench.rows(ManyRows.Kind.FAILED, bench.parameters().retried());
                var installation = bench.installation("retry")) {
            var schema = many.schema();
            try (var gateway = bench.gateway(installation, schema)) {
                var retries = retried(gateway, schema);
                var sent = installation.taskRecords();
                if (sent != retries.tasks()) {
                    throw new IllegalStateException(
                            retries.tasks() + " tasks were retried, and " + sent + " were sent");
                }
                return retries;
            }
        }
    }

    private Retries retried(Gateway gateway, Schema schema) {
        var calls = gateway.calls();
        var heap = gateway.heapBytesAfterGc();
        var begun = Load.begin(gateway, bench.database(), schema.repository());
        var action = Calls.expect(202, calls.post("/api/actions", "{\"do\":\"retry\",\"q\":\"state:FAILURE\"}"))
                .json()
                .path("id")
                .asString();
        var most = mostUntilDone(gateway, action);
        var load = begun.end();
        var done = calls.json("/api/actions/" + action).path("done").asLong();
        if (done != bench.parameters().retried()) {
            throw new IllegalStateException(
                    "the action retried " + done + " tasks: " + calls.json("/api/actions/" + action));
        }
        var perSecond = done / load.seconds();
        bench.tell(Figures.whole(perSecond) + " tasks/s");
        return new Retries(
                done,
                done,
                Rounded.to(1, perSecond),
                Rounded.to(1, 1_000 * load.gatewayMillis() / perSecond),
                Rounded.to(1, 1_000 * load.databaseMillis() / perSecond),
                heap,
                most,
                gateway.heapBytesAfterGc());
    }

    private long mostUntilDone(Gateway gateway, String action) {
        var calls = gateway.calls();
        var most = 0L;
        var end = System.nanoTime() + PATIENCE.toNanos();
        var told = System.nanoTime();
        for (var state = "running"; state.equals("running"); ) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the action does not end");
            }
            Patience.pause(LOOK);
            most = Math.max(most, gateway.heapBytes());
            var now = calls.json("/api/actions/" + action);
            state = now.path("state").asString();
            if (System.nanoTime() - told > TELL_NANOS) {
                told = System.nanoTime();
                bench.tell(Figures.whole(now.path("done").asLong()) + " tasks are retried");
            }
        }
        return most;
    }
}
