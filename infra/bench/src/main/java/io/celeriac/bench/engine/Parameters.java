package io.celeriac.bench.engine;

import java.util.List;

/**
 * How much of everything. {@link #full} is what the docs show, {@link #quick} shows only that the benchmark works.
 *
 * @param tasks of a round of the throughput
 * @param rounds of the throughput
 * @param partitions of tasks and results, but for the scaling
 * @param roundTrips that are measured, one after the other
 * @param warmUp round trips before them
 * @param idleSeconds over which the CPU time of an idle worker is taken
 * @param sleepers tasks of a second each, at once
 * @param due tasks with an eta
 * @param dueWithinSeconds the time that their etas are spread over
 * @param parked tasks of the far future that lie beside them
 * @param stores of the worker that holds the parked ones, as {@code celeriac.worker.store} calls them
 * @param scaling numbers of partitions
 * @param perPartition tasks of 100 ms that each partition gets then
 * @param partitionCosts numbers of partitions of one queue, for what they cost a worker
 * @param payloads bytes of a task's argument
 * @param payloadMegabytes of arguments that a round has
 * @param handlers of a worker that has many
 * @param queues of a worker that has many
 * @param seed of what is at random
 */
public record Parameters(
        int tasks,
        int rounds,
        int partitions,
        int roundTrips,
        int warmUp,
        int idleSeconds,
        int sleepers,
        int due,
        int dueWithinSeconds,
        int parked,
        List<String> stores,
        List<Integer> scaling,
        int perPartition,
        List<Integer> partitionCosts,
        List<Integer> payloads,
        int payloadMegabytes,
        int handlers,
        int queues,
        long seed) {

    static Parameters full() {
        return new Parameters(
                500_000,
                3,
                8,
                500,
                100,
                10,
                2_000,
                10_000,
                10,
                1_000_000,
                List.of("memory", "rocksdb"),
                List.of(1, 2, 4, 8),
                100,
                List.of(8, 64, 256),
                List.of(10_000, 100_000, 900_000),
                500,
                1_000,
                20,
                1);
    }

    static Parameters quick() {
        return new Parameters(
                10_000,
                1,
                8,
                50,
                20,
                2,
                200,
                500,
                3,
                20_000,
                List.of("memory"),
                List.of(1, 2),
                20,
                List.of(8, 16),
                List.of(10_000, 900_000),
                20,
                50,
                3,
                1);
    }

    /** The same with another size of the throughput. */
    Parameters with(int newTasks, int newRounds) {
        return new Parameters(
                newTasks,
                newRounds,
                partitions,
                roundTrips,
                warmUp,
                idleSeconds,
                sleepers,
                due,
                dueWithinSeconds,
                parked,
                stores,
                scaling,
                perPartition,
                partitionCosts,
                payloads,
                payloadMegabytes,
                handlers,
                queues,
                seed);
    }
}
