package io.celeriac.resultsweb.event;

import io.celeriac.web.loop.Loops;
import io.celeriac.web.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/**
 * Connects the results topic to event-stream clients. Safe for use by several threads; no call waits for a client.
 */
public final class EventHub implements ResultListener, AutoCloseable {

    private static final int SENDERS = 2;
    private static final int CATCH_UPS = 4;
    private static final Duration SOON = Duration.ofSeconds(2);

    private final int mostClients;
    private final EventMetrics metrics;
    private final StateChangeReader reader;
    private final RecentRecords recent;
    private final Replay.Source older;
    private final Replays catchUps = new Replays(CATCH_UPS);
    private final Senders senders;
    private volatile boolean ending;

    /** Connects a client to its output. */
    @FunctionalInterface
    interface Opening {

        /** Creates the client's output, and passes it to {@link EventClient#open}. */
        void open(EventClient client) throws IOException;
    }

    /**
     * @param mostClients at once
     * @param keptBytes of recent records in memory
     * @param consumers for catch-ups: each read_committed, without group, and with {@code auto.offset.reset=none}
     * @param loops watches the threads that write to clients
     */
    EventHub(
            int mostClients,
            long keptBytes,
            StateChangeReader reader,
            EventMetrics metrics,
            Supplier<Consumer<byte[], byte[]>> consumers,
            String topic,
            Loops loops) {
        this.mostClients = mostClients;
        this.reader = reader;
        this.metrics = metrics;
        senders = new Senders(SENDERS, client -> leaveSeat(), loops);
        recent = new RecentRecords(keptBytes);
        older = new Replay.Source(consumers, topic, recent, reader, senders::signal);
    }

    void start() {
        senders.start();
    }

    @Override
    public void begins(Map<Integer, Long> nextOffsets) {
        recent.begin(Position.of(nextOffsets));
    }

    @Override
    public void polled(ConsumerRecords<byte[], byte[]> records) {
        for (var record : records) {
            recent.append(record.partition(), record.offset(), record.value());
        }
        var reached = recent.last().after();
        for (var next : records.nextOffsets().entrySet()) {
            var offset = Math.max(
                    reached.next(next.getKey().partition()), next.getValue().offset());
            reached = reached.with(next.getKey().partition(), offset);
        }
        recent.reached(reached);
        senders.signal();
    }

    /**
     * Begins a stream.
     *
     * @param from the client's position; null to begin with the next change
     * @throws ProblemException when there are too many clients, or too many that have to catch up, or the gateway stops
     * @throws IOException from the opening
     */
    void open(EventFilter filter, @Nullable Position from, Opening opening) throws IOException {
        var newest = recent.last();
        var position = from == null ? newest.after() : from;
        var start = from == null ? Optional.of(newest) : inMemory(from, newest);
        takeSeat();
        if (start.isEmpty() && !catchUps.reserve()) {
            leaveSeat();
            throw ProblemException.busy("too many clients catch up at this moment", SOON);
        }
        var client = new EventClient(filter, position, reader, metrics);
        try {
            opening.open(client);
        } catch (IOException | RuntimeException e) {
            leaveSeat();
            if (start.isEmpty()) {
                catchUps.release();
            }
            throw e;
        }
        senders.add(client);
        start.ifPresentOrElse(client::goLive, () -> catchUps.start(new Replay(older, client, position)));
        if (ending) {
            client.stop();
        }
        senders.signal();
    }

    /** Ends all streams, and lets no more begin. */
    void endAll() {
        ending = true;
        senders.clients().forEach(EventClient::stop);
    }

    @Override
    public void close() {
        endAll();
        catchUps.close();
        senders.close();
    }

    /** The record in memory to go on from. A position beyond the newest needs a catch-up: the topic may have been recreated. */
    private Optional<KeptRecord> inMemory(Position from, KeptRecord newest) {
        return newest.after().covers(from) ? recent.startFor(from) : Optional.empty();
    }

    private void takeSeat() {
        if (ending) {
            throw ProblemException.busy("the gateway is about to stop", SOON);
        }
        if (metrics.clients().incrementAndGet() > mostClients) {
            leaveSeat();
            throw ProblemException.busy("there are " + mostClients + " streams already", SOON);
        }
    }

    private void leaveSeat() {
        metrics.clients().decrementAndGet();
    }
}
