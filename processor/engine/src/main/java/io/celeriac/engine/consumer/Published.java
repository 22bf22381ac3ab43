package io.celeriac.engine.consumer;

/** Tells whether the records that a stream thread has published are durable. Called on that thread. */
public interface Published {

    /** Returns when everything that the calling thread has published is acknowledged, or has failed. */
    void flush();

    /** How many records of the calling thread have ever failed to be published. */
    long failures();
}
