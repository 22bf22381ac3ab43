package io.celeriac.engine.topic;

/** A task cannot go to a queue, as the queue has no topic. */
public final class UnknownQueueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message names the queue and what to do */
    public UnknownQueueException(String message) {
        super(message);
    }
}
