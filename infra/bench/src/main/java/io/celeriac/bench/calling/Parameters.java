package io.celeriac.bench.calling;

import java.util.List;

/**
 * How much of everything. {@link #full} is what the docs show, {@link #quick} shows only that the benchmark works.
 *
 * @param partitions of each topic
 * @param submitted tasks of a round of each way to send them
 * @param httpCalls of a round of single calls over HTTP
 * @param rounds of the sending
 * @param waiting handles that wait at once
 * @param roundTrips that are measured, one after the other
 * @param warmUp round trips before them, and a hundred times as many tasks before a rate
 * @param chords members of each chord
 * @param noops tasks of the engine's rate, which chords are compared with
 * @param chain its length
 * @param depths of nested workflows
 * @param repeats of each chain and each depth
 */
record Parameters(
        int partitions,
        int submitted,
        int httpCalls,
        int rounds,
        int waiting,
        int roundTrips,
        int warmUp,
        List<Integer> chords,
        int noops,
        int chain,
        List<Integer> depths,
        int repeats) {

    static Parameters full() {
        return new Parameters(
                8, 200_000, 5_000, 3, 10_000, 300, 50, List.of(10_000, 100_000), 100_000, 100, List.of(3, 6, 12), 20);
    }

    /** The same with another size of the sending. */
    Parameters with(int newSubmitted, int newRounds) {
        return new Parameters(
                partitions,
                newSubmitted,
                httpCalls,
                newRounds,
                waiting,
                roundTrips,
                warmUp,
                chords,
                noops,
                chain,
                depths,
                repeats);
    }

    static Parameters quick() {
        return new Parameters(2, 3_000, 100, 1, 500, 20, 5, List.of(100, 1_000), 1_000, 10, List.of(3, 6), 3);
    }
}
