package io.celeriac.workflow.stream;

import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.workflow.tree.Workflows;
import java.time.InstantSource;

/**
 * What all partitions of a coordinator share. Streams makes the processors, so one value carries it to them.
 *
 * @param queues says whether the topics of queues exist
 * @param partitions of the workflows' topic
 */
record CoordinatorContext(
        Topics topics,
        int partitions,
        StepCheck queues,
        Workflows.Settings settings,
        InstantSource clock,
        CoordinatorMetrics metrics) {}
