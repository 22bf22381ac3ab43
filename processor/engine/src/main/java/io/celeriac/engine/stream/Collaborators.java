package io.celeriac.engine.stream;

import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.Reporter;
import io.celeriac.engine.attempt.Revocations;
import io.celeriac.engine.handler.HandlerRegistry;
import java.time.InstantSource;

/**
 * Whom the processors of a queue work with.
 *
 * @param handlers which code runs a task
 * @param dispatcher runs attempts
 * @param reporter writes what is published
 * @param revocations which tasks are not to run
 * @param makeDurable returns when all that the calling stream thread has published is acknowledged; see
 *     {@link EngineClients#flushPublished}
 * @param clock the wall clock
 * @param metrics of the queue
 */
public record Collaborators(
        HandlerRegistry handlers,
        Dispatcher dispatcher,
        Reporter reporter,
        Revocations revocations,
        Runnable makeDurable,
        InstantSource clock,
        EngineMetrics metrics) {}
