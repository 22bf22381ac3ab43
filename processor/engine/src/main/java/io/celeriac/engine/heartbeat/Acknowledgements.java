package io.celeriac.engine.heartbeat;

import io.celeriac.contract.control.Heartbeat.Acknowledgement;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The changes and commands that this worker has carried out lately. Safe for use by several threads. */
public final class Acknowledgements {

    /** More than people give within the seconds for which somebody waits for an acknowledgement. */
    private static final int MOST = 100;

    private final InstantSource clock;
    private final Deque<Acknowledgement> newest = new ArrayDeque<>(); // guarded by this

    public Acknowledgements(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Adds a change or a command.
     *
     * @param failure why it could not be carried out; null when it was
     */
    public synchronized void add(String id, @Nullable String failure) {
        newest.addFirst(new Acknowledgement(id, clock.instant(), failure));
        if (newest.size() > MOST) {
            newest.removeLast();
        }
    }

    /** The newest first. */
    public synchronized List<Acknowledgement> all() {
        return List.copyOf(newest);
    }
}
