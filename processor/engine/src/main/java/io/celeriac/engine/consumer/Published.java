package io.celeriac.engine.consumer;

/** How far what a stream thread has published is durable. Called on that thread. */
public interface Published {

    /** Returns when everything that the calling thread has published is acknowledged, or has failed. */
    void flush();

    /** How much of what the calling thread has ever published has failed. */
    long failures();
}
