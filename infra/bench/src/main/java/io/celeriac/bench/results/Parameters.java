package io.celeriac.bench.results;

import java.time.Duration;
import java.util.List;

/**
 * How much of everything. {@link #full} is what the docs show, {@link #quick} shows only that the benchmark works.
 *
 * @param partitions of tasks and results
 * @param results of a round of the materializer
 * @param rounds of the materializer
 * @param batch rows of a transaction of the bare upsert; the materializer's default
 * @param lagTasks that the engine drains while results are written
 * @param rows of the table that is searched and kept at its size
 * @param questions of each kind
 * @param warmUp questions before them
 * @param atMost as long as each kind of question is asked
 * @param perSecond results that come while the janitor deletes as many
 * @param retention how long that is measured, with the janitor and without
 * @param janitorInterval between two looks of it
 * @param bufferPool of the database, as {@code innodb-buffer-pool-size} takes it
 * @param logFile of the database, as {@code innodb-log-file-size} takes it
 * @param seed of what is at random
 */
record Parameters(
        int partitions,
        int results,
        int rounds,
        int batch,
        int lagTasks,
        int rows,
        int questions,
        int warmUp,
        Duration atMost,
        int perSecond,
        Duration retention,
        Duration janitorInterval,
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
                300_000,
                3,
                1_000,
                200_000,
                10_000_000,
                300,
                20,
                Duration.ofSeconds(60),
                1_500,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                "2G",
                "1G",
                1);
    }

    static Parameters quick() {
        return new Parameters(
                8,
                20_000,
                1,
                1_000,
                5_000,
                20_000,
                20,
                2,
                Duration.ofSeconds(5),
                300,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                "128M",
                "96M",
                1);
    }

    /** The same with other sizes. */
    Parameters with(int newResults, int newRounds, int newRows) {
        return new Parameters(
                partitions,
                newResults,
                newRounds,
                batch,
                lagTasks,
                newRows,
                questions,
                warmUp,
                atMost,
                perSecond,
                retention,
                janitorInterval,
                bufferPool,
                logFile,
                seed);
    }
}
