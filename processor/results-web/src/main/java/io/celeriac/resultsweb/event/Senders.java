package io.celeriac.resultsweb.event;

import io.celeriac.web.loop.Loop;
import io.celeriac.web.loop.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that send new records to all clients. Each thread serves its share of the clients. It makes a round when there
 * are new records, but at most every 25 ms, so that records that come close together are sent together. Without new records
 * it makes a round every 250 ms, for heartbeats and deadlines.
 */
final class Senders implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Senders.class);
    private static final Duration TOGETHER = Duration.ofMillis(25);
    private static final Duration IDLE = Duration.ofMillis(250);

    private final List<Sender> senders = new ArrayList<>();
    private final Consumer<EventClient> ended;

    /**
     * @param ended called once for each client that has ended
     * @param loops watches the threads
     */
    Senders(int threads, Consumer<EventClient> ended, Loops loops) {
        this.ended = ended;
        for (var number = 0; number < threads; number++) {
            var sender = new Sender("event-sender-" + number);
            senders.add(sender);
            loops.watch(sender.loop);
        }
    }

    void start() {
        senders.forEach(sender -> sender.loop.start());
    }

    void add(EventClient client) {
        senders.get(Math.floorMod(client.hashCode(), senders.size())).clients.add(client);
    }

    /** The clients that have not ended, and some that ended just now. */
    List<EventClient> clients() {
        return senders.stream().flatMap(sender -> sender.clients.stream()).toList();
    }

    /** Wakes the threads: there may be something new. */
    void signal() {
        senders.forEach(sender -> sender.news.release());
    }

    @Override
    public void close() {
        senders.forEach(sender -> sender.loop.end());
        signal();
        senders.forEach(sender -> sender.loop.join(IDLE.multipliedBy(20)));
    }

    private final class Sender {
        private final Set<EventClient> clients = ConcurrentHashMap.newKeySet();
        private final Semaphore news = new Semaphore(0);
        private final Loop loop;
        private boolean more;

        Sender(String name) {
            loop = new Loop(name, this::turn, () -> {});
        }

        private void turn() throws InterruptedException {
            Thread.sleep(TOGETHER.toMillis());
            if (!more) {
                more = news.tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS);
            }
            news.drainPermits();
            more = goRound();
        }

        private boolean goRound() {
            var rest = false;
            for (var each = clients.iterator(); each.hasNext(); ) {
                var client = each.next();
                rest |= pump(client);
                if (client.isEnded()) {
                    each.remove();
                    ended.accept(client);
                }
            }
            return rest;
        }

        private boolean pump(EventClient client) {
            try {
                return client.pump(System.nanoTime());
            } catch (RuntimeException | Error e) { // one client's failure must not affect the others
                LOG.error("a stream of events failed", e);
                client.stop();
                return false;
            }
        }
    }
}
