package io.celeriac.bench.calling;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.client.Delivery;
import io.celeriac.client.TaskClient;
import io.celeriac.client.outbox.Outbox;
import io.celeriac.client.outbox.OutboxProperties;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores tasks in transactions of a hundred, from as many threads as the pool has connections to spare, while the relay sends them. */
final class OutboxRound {

    private static final int TRANSACTION = 100;
    private static final int THREADS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final OutboxProperties DEFAULTS =
            new OutboxProperties(true, true, Duration.ofMillis(500), Duration.ofSeconds(30), 2_000);

    private final Bench bench;
    private final Installation installation;
    private final HikariDataSource pool;

    OutboxRound(Bench bench, Installation installation, HikariDataSource pool) {
        this.bench = bench;
        this.installation = installation;
        this.pool = pool;
    }

    /**
     * From the first row that is stored to the last that is sent.
     *
     * @param way stores the tasks of one transaction, which are given by their numbers
     */
    double seconds(BiConsumer<TaskClient, IntStream> way) {
        var servers = bench.harness().bootstrapServers();
        var tasks = bench.parameters().submitted();
        try (var client = bench.client(installation);
                var outbox = Outbox.start(
                        pool,
                        Client.producerConfig(servers),
                        Client.consumerConfig(servers),
                        Map.of("bootstrap.servers", servers),
                        client.topics(),
                        DEFAULTS,
                        bench.clock())) {
            var outgoing = client.tasks().delivering(Delivery.OUTBOX, outbox.outlet());
            var begun = System.nanoTime();
            store(outgoing, tasks, way);
            Patience.await("the relay has sent all rows", PATIENCE, () -> outbox.sent() >= tasks);
            var seconds = SubmitBench.seconds(begun);
            if (outbox.sent() != tasks || outbox.refused() > 0) {
                throw new IllegalStateException(outbox.sent() + " of " + tasks + " rows were sent");
            }
            return seconds;
        }
    }

    private void store(TaskClient outgoing, int tasks, BiConsumer<TaskClient, IntStream> way) {
        var transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var stored = IntStream.range(0, tasks / TRANSACTION)
                    .mapToObj(number -> threads.submit(() -> transactions.executeWithoutResult(status ->
                            way.accept(outgoing, IntStream.range(number * TRANSACTION, (number + 1) * TRANSACTION)))))
                    .toList();
            stored.forEach(Waiting::forIt);
        } finally {
            threads.shutdown();
        }
    }
}
