package io.celeriac.engine.task;

/** Publishes records on the calling thread, which may be any. */
@FunctionalInterface
public interface Sender {

    /**
     * Sends a record. It may still fail later: who must know whether it is durable asks elsewhere, or waits for the acknowledgement.
     *
     * @param whenDurable called when the record is acknowledged, on a thread that must not be held up; never if it fails
     * @throws org.apache.kafka.common.KafkaException when it cannot be sent
     * @throws IllegalStateException when the producer is closed
     */
    void send(OutboundRecord record, Runnable whenDurable);
}
