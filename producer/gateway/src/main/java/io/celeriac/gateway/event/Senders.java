package io.celeriac.gateway.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few threads that bring what is new to all clients. Each has its share of them, and goes round when there is
 * something new, but not more often than every 25 ms, so that what comes close together is sent together; and every
 * 250 ms for heartbeats and deadlines.
 */
final class Senders implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Senders.class);
    private static final Duration TOGETHER = Duration.ofMillis(25);
    private static final Duration IDLE = Duration.ofMillis(250);

    private final List<Sender> senders = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Consumer<EventClient> ended;

    /**
     * @param ended told, once, of each client that has ended
     */
    Senders(int threads, Consumer<EventClient> ended) {
        this.ended = ended;
        for (var number = 0; number < threads; number++) {
            senders.add(new Sender("event-sender-" + number));
        }
    }

    void start() {
        senders.forEach(sender -> sender.thread.start());
    }

    void add(EventClient client) {
        senders.get(Math.floorMod(client.hashCode(), senders.size())).clients.add(client);
    }

    /** Those that have not ended, or not long ago. */
    List<EventClient> clients() {
        return senders.stream().flatMap(sender -> sender.clients.stream()).toList();
    }

    /** There is something new, perhaps. */
    void signal() {
        senders.forEach(sender -> sender.news.release());
    }

    @Override
    public void close() {
        closed.countDown();
        signal();
        try {
            for (var sender : senders) {
                sender.thread.join(IDLE.multipliedBy(20).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Sender implements Runnable {
        private final Set<EventClient> clients = ConcurrentHashMap.newKeySet();
        private final Semaphore news = new Semaphore(0);
        private final Thread thread;

        Sender(String name) {
            thread = new Thread(this, name);
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            try {
                var more = false;
                while (!closed.await(TOGETHER.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (!more) {
                        more = news.tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                    }
                    news.drainPermits();
                    more = goRound();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean goRound() {
            var more = false;
            for (var each = clients.iterator(); each.hasNext(); ) {
                var client = each.next();
                more |= pump(client);
                if (client.isEnded()) {
                    each.remove();
                    ended.accept(client);
                }
            }
            return more;
        }

        private boolean pump(EventClient client) {
            try {
                return client.pump(System.nanoTime());
            } catch (RuntimeException e) {
                LOG.error("a stream of events failed", e);
                client.stop();
                return false;
            }
        }
    }
}
