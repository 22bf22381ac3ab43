package io.celeriac.engine.stream;

import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.consumer.EngineClients;
import io.celeriac.engine.consumer.Published;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.engine.topic.TopicIds;
import java.time.InstantSource;

/**
 * What all partitions of a queue share in this worker. Streams makes the processors, so one value carries it to them; each class behind
 * the processor takes only what it needs.
 *
 * @param handlers which code runs a task
 * @param dispatcher runs attempts
 * @param outcomes writes what is published
 * @param revocations which tasks are not to run
 * @param process names this process among all that ever ran
 * @param quarantine of this process
 * @param published how far what was published is durable; {@link EngineClients} outside of tests
 * @param steps says whether the topics of next steps are there
 * @param topicIds tell a queue's topic from an earlier one of its name
 * @param clock the wall clock
 * @param metrics of the queue
 */
public record QueueContext(
        HandlerRegistry handlers,
        Dispatcher dispatcher,
        OutcomeRecords outcomes,
        Revocations revocations,
        String process,
        Quarantine quarantine,
        Published published,
        StepCheck steps,
        TopicIds topicIds,
        InstantSource clock,
        EngineMetrics metrics) {}
