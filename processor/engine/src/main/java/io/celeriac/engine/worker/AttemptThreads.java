package io.celeriac.engine.worker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that attempts run on: virtual threads if the JVM has them, otherwise platform threads. */
final class AttemptThreads {

    private static final int VIRTUAL_PER_CORE = 16;
    private static final int PLATFORM_PER_CORE = 2;

    private AttemptThreads() {}

    static boolean areVirtual() {
        return Runtime.version().feature() >= 21;
    }

    static int defaultConcurrency() {
        return Runtime.getRuntime().availableProcessors() * (areVirtual() ? VIRTUAL_PER_CORE : PLATFORM_PER_CORE);
    }

    /** Makes as many threads as are asked for: the dispatcher bounds them, and a thread that was given up needs a successor. */
    static ExecutorService executor() {
        return Executors.newCachedThreadPool(areVirtual() ? virtual() : platform("celeriac-attempt-"));
    }

    /** Starts attempts at their time, and ends them at their limit. */
    static ScheduledExecutorService timer() {
        var timer = new ScheduledThreadPoolExecutor(1, platform("celeriac-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    private static ThreadFactory platform(String prefix) {
        var number = new AtomicInteger();
        return work -> {
            var thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** {@code Thread.ofVirtual().name("celeriac-attempt-", 1).factory()}, of a JVM newer than the one we compile for. */
    private static ThreadFactory virtual() {
        try {
            var builder = Thread.class.getMethod("ofVirtual").invoke(null);
            var type = Class.forName("java.lang.Thread$Builder");
            type.getMethod("name", String.class, long.class).invoke(builder, "celeriac-attempt-", 1L);
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a JVM of version 21 or newer has virtual threads", e);
        }
    }
}
