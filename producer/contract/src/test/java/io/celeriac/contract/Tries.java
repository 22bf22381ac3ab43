package io.celeriac.contract;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Repeats a test with random input: briefly in a build, and for as long as {@code -Dfuzz.tries=1000000} says on demand, from another
 * seed each time or from that of {@code -Dfuzz.seed}.
 */
final class Tries {

    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

    private Tries() {}

    /**
     * @param few how many in a build
     */
    static void repeat(int few, Consumer<Random> test) {
        var tries = Math.max(few, Integer.getInteger("fuzz.tries", few));
        for (int i = 0; i < tries; i++) {
            var seed = SEED + i;
            try {
                test.accept(new Random(seed));
            } catch (Throwable e) {
                throw new AssertionError("with -Dfuzz.seed=" + seed, e);
            }
        }
    }
}
