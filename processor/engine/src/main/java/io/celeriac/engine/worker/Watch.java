package io.celeriac.engine.worker;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the queues of a worker from time to time, on a thread of its own. A look that fails does not stop the next one. Started once
 * and closed once.
 */
final class Watch implements AutoCloseable {

    /** A part of the worker that is watched. */
    interface Watched {

        /** Its name in the log. */
        String name();

        /**
         * Checks the part once.
         *
         * @throws RuntimeException when that fails; the next look tries again
         */
        void look(Admin admin);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Admin> admins;
    private final Supplier<? extends List<? extends Watched>> all;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "celeriac-watch");
    private final Set<String> failing = new HashSet<>(); // its own thread only; names of watched parts
    private @Nullable Admin admin; // its own thread only

    /**
     * @param admins makes the client that all looks use; it is closed at the end
     * @param all the parts that are to be watched at the moment
     * @param interval between two looks
     */
    Watch(Supplier<Admin> admins, Supplier<? extends List<? extends Watched>> all, Duration interval) {
        this.admins = admins;
        this.all = all;
        this.interval = interval;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                all.get().forEach(this::look);
            }
        } catch (InterruptedException e) {
            LOG.debug("Closed", e);
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    /** Survives errors too: otherwise nobody would notice that nothing is watched any more. */
    private void look(Watched one) {
        try {
            if (admin == null) {
                admin = admins.get();
            }
            one.look(admin);
            if (failing.remove(one.name())) {
                LOG.info("{} is watched again", one.name());
            }
        } catch (Throwable e) {
            if (closed.getCount() > 0 && failing.add(one.name())) {
                LOG.warn(
                        "{} cannot be watched at the moment; trying again every {}: {}",
                        one.name(),
                        interval,
                        e.toString());
            }
            LOG.debug("Not watched: {}", one.name(), e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
