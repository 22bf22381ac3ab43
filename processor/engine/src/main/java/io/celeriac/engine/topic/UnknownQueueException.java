package io.celeriac.engine.topic;

/** A task cannot go to a queue, as the queue has no topic. */
final class UnknownQueueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownQueueException(String message) {
        super(message);
    }
}
