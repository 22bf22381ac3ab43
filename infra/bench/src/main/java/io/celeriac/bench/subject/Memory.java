package io.celeriac.bench.subject;

import java.lang.management.ManagementFactory;

/**
 * What a worker holds, and what holds it.
 *
 * @param heapBytes in use after a collection
 * @param java version of the JVM
 * @param virtualThreads whether this was asked on one: attempts run on them where the JVM has them
 */
public record Memory(long heapBytes, String java, boolean virtualThreads) {

    /** Of this JVM. */
    public static Memory afterGc() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc(); // what the first one has only marked
        return new Memory(memory.getHeapMemoryUsage().getUsed(), System.getProperty("java.version", "?"), isVirtual());
    }

    /** {@code Thread.currentThread().isVirtual()}, of a JVM newer than the one we compile for. */
    private static boolean isVirtual() {
        return Thread.currentThread().getClass().getSimpleName().equals("VirtualThread");
    }
}
