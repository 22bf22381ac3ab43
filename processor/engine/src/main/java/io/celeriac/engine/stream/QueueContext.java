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
 * The objects that all partitions of a queue share in this worker. Streams makes the processors, so one value carries the objects to
 * them; each class behind the processor takes only those that it needs.
 *
 * @param handlers the code that runs each task
 * @param dispatcher runs attempts
 * @param outcomes makes the records that are published
 * @param revocations the tasks that are not to run
 * @param process id of this process, unique among all that ever ran
 * @param quarantine of this process
 * @param published tells which sends are durable; {@link EngineClients} outside of tests
 * @param steps says whether the topics of next steps exist
 * @param topicIds distinguish a queue's topic from an earlier one of its name
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
