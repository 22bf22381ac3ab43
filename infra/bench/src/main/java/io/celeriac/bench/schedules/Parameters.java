package io.celeriac.bench.schedules;

import java.time.Duration;
import java.util.List;

/**
 * How much of everything. {@link #full} is what the docs show, {@link #quick} shows only that the benchmark works.
 *
 * @param partitions of tasks and results
 * @param schedules that are stored
 * @param spread of the firings over them
 * @param rates firings a second that are measured, one after the other
 * @param schedulers that run at once
 * @param worker whether each rate is first measured with a worker and its materializer
 * @param warmUp before each measurement
 * @param measured how long each measurement is
 * @param killRate firings a second while a scheduler is killed
 * @param killMeasured how long that is watched; at a third of it one is killed, at two thirds it is started anew
 * @param unplanned schedules written by SQL, whose next runs the scheduler has to work out
 * @param bufferPool of the database, as {@code innodb-buffer-pool-size} takes it
 * @param logFile of the database, as {@code innodb-log-file-size} takes it
 */
record Parameters(
        int partitions,
        int schedules,
        Spread spread,
        List<Integer> rates,
        int schedulers,
        boolean worker,
        Duration warmUp,
        Duration measured,
        int killRate,
        Duration killMeasured,
        int unplanned,
        String bufferPool,
        String logFile) {

    /** Beyond these the server has its defaults, a flush to disk at each commit among them. */
    List<String> databaseOptions() {
        return List.of("--innodb-buffer-pool-size=" + bufferPool, "--innodb-log-file-size=" + logFile, "--userstat=1");
    }

    static Parameters full() {
        return new Parameters(
                8,
                1_000_000,
                Spread.ALL,
                List.of(1_000, 2_000, 5_000),
                1,
                true,
                Duration.ofSeconds(25),
                Duration.ofSeconds(60),
                1_000,
                Duration.ofSeconds(60),
                1_000_000,
                "2G",
                "1G");
    }

    static Parameters quick() {
        return new Parameters(
                8,
                20_000,
                Spread.ALL,
                List.of(100, 1_000),
                1,
                true,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                500,
                Duration.ofSeconds(15),
                20_000,
                "128M",
                "96M");
    }

    /** For all that is written and started before the first schedule fires. */
    Duration setUp(int rows) {
        return Duration.ofSeconds(25).plus(Duration.ofNanos(60_000).multipliedBy(rows));
    }
}
