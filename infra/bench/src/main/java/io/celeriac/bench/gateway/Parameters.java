package io.celeriac.bench.gateway;

import java.time.Duration;
import java.util.List;

/**
 * How much of everything. {@link #full} is what the docs show, {@link #quick} shows only that the benchmark works.
 *
 * @param partitions of tasks and results
 * @param rows of the table that is read
 * @param readers how many there are, few and many
 * @param warmUp before each measurement of readers, heartbeats and sign-ins
 * @param measured how long each of them is measured
 * @param resultsPerSecond that come meanwhile, so that streams have events
 * @param visits of each page
 * @param betweenVisits long enough that no visit gets what one before has found
 * @param consoles that are open at once
 * @param open how long they are
 * @param retried failed tasks that one action retries
 * @param workers that send heartbeats
 * @param callers threads that sign in, and that call with a token
 * @param bufferPool of the database, as {@code innodb-buffer-pool-size} takes it
 * @param logFile of the database, as {@code innodb-log-file-size} takes it
 * @param seed of what is at random
 */
record Parameters(
        int partitions,
        int rows,
        List<Integer> readers,
        Duration warmUp,
        Duration measured,
        int resultsPerSecond,
        int visits,
        Duration betweenVisits,
        int consoles,
        Duration open,
        int retried,
        int workers,
        int callers,
        String bufferPool,
        String logFile,
        long seed) {

    /** Beyond these the server has its defaults, a flush to disk at each commit among them. */
    List<String> databaseOptions() {
        return List.of("--innodb-buffer-pool-size=" + bufferPool, "--innodb-log-file-size=" + logFile);
    }

    static Parameters full() {
        return new Parameters(
                8,
                10_000_000,
                List.of(5, 50),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                20,
                40,
                Duration.ofSeconds(6),
                50,
                Duration.ofMinutes(10),
                1_000_000,
                200,
                8,
                "2G",
                "1G",
                1);
    }

    static Parameters quick() {
        return new Parameters(
                2,
                20_000,
                List.of(2, 5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                20,
                2,
                Duration.ofMillis(100),
                5,
                Duration.ofSeconds(10),
                2_000,
                20,
                2,
                "128M",
                "96M",
                1);
    }

    /** The same with other sizes. */
    Parameters with(int newRows, int newRetried, Duration newOpen) {
        return new Parameters(
                partitions,
                newRows,
                readers,
                warmUp,
                measured,
                resultsPerSecond,
                visits,
                betweenVisits,
                consoles,
                newOpen,
                newRetried,
                workers,
                callers,
                bufferPool,
                logFile,
                seed);
    }
}
