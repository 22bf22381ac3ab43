package io.celeriac.workflow.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.workflow.tree.KeyValueWorkflowStore;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import io.celeriac.workflow.tree.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the workflows of a partition. Every record is taken as a whole: what it changes and what it sends goes out together, or, when it
 * cannot be processed, it becomes a dead letter and changes nothing. Each life has a new one. Belongs to the stream thread.
 */
final class WorkflowProcessor implements Processor<byte[], byte[], byte[], Outgoing> {

    private static final Logger LOG = LoggerFactory.getLogger(WorkflowProcessor.class);

    /** Members that are started in one go: some milliseconds' work. */
    private static final int SLICE = 1_000;

    /** How old a record that was just read may be, for the topics to count as read to their end. */
    private static final Duration UP_TO_DATE = Duration.ofSeconds(10);

    private static final Duration TICK = Duration.ofMillis(20);
    private static final Duration BETWEEN_PUBLICATIONS = Duration.ofSeconds(1);
    private static final List<String> TRACE = List.of("traceparent", "tracestate", "baggage");
    private static final int MAX_TRACE = 8 * 1024;

    private final CoordinatorContext coordinator;
    private @Nullable ProcessorContext<byte[], Outgoing> context;
    private @Nullable KeyValueWorkflowStore store;
    private @Nullable Workflows workflows;
    private @Nullable StreamOutlet outlet;
    private Instant lastRead = Instant.MIN; // when the last record was read
    private Instant lastWritten = Instant.MIN; // when it was written

    WorkflowProcessor(CoordinatorContext coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> newContext) {
        context = newContext;
        KeyValueStore<Bytes, byte[]> log = newContext.getStateStore(WorkflowTopology.STORE);
        store = new KeyValueWorkflowStore(log);
        outlet = new StreamOutlet(
                topics(), coordinator.queues(), coordinator.settings().maxTaskBytes());
        workflows = new Workflows(store, outlet, clock(), coordinator.settings());
        workflows.begin();
        store.flush();
        newContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, at -> tick());
        newContext.schedule(BETWEEN_PUBLICATIONS, PunctuationType.WALL_CLOCK_TIME, at -> publish());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var place = context()
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record of a source topic has metadata"));
        if (record.value() == null) {
            return; // nobody sends tombstones here, and they say nothing
        }
        lastRead = clock().instant();
        lastWritten = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
        try {
            take(place, record);
        } catch (InvalidTaskException e) {
            setAside(place, record, DeadLetter.Reason.UNREADABLE, String.valueOf(e.getMessage()));
            return;
        } catch (KafkaException e) {
            discard();
            throw e; // of the store or the cluster, not of the record: Streams begins the partition again
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} cannot be processed", place, e);
            setAside(place, record, DeadLetter.Reason.REFUSED, e.toString());
            return;
        }
        flush(); // what fails here is not the record's fault
        work(() -> {});
    }

    private void take(RecordMetadata place, Record<byte[], byte[]> record) {
        var size = Limits.size(
                record.key(), record.value(), List.of(record.headers().toArray()));
        if (place.topic().equals(topics().workflowEvents())) {
            var event = TaskJson.memberEnded(record.value());
            workflows()
                    .ended(
                            size > coordinator.settings().maxTaskBytes() ? tooLarge(event, size) : event,
                            record.headers().lastHeader(DeadLetter.SECRET) != null);
            return;
        }
        if (size > coordinator.settings().maxTaskBytes()) {
            throw new InvalidTaskException(
                    "",
                    "has " + size + " bytes, and more than "
                            + coordinator.settings().maxTaskBytes()
                            + " cannot be kept: send further members with append");
        }
        var said = TaskJson.workflowRecord(record.value());
        if (record.key() == null || !new String(record.key(), UTF_8).equals(said.id())) {
            throw new InvalidTaskException("id", "must be the record's key");
        }
        if (BuiltInPartitioner.partitionForKey(record.key(), coordinator.partitions()) == place.partition()) {
            take(said, record);
        } else {
            sendAgain(record, place.topic());
        }
    }

    /** A worker whose records may be larger than ours has told a result that cannot be kept here. */
    private MemberEnded tooLarge(MemberEnded event, int size) {
        var error = new TaskError(
                "TooLarge",
                "the end of the task has " + size + " bytes, and more than "
                        + coordinator.settings().maxTaskBytes() + " cannot be kept",
                null);
        var state = event.state() == TaskState.SUCCESS ? TaskState.FAILURE : event.state();
        return new MemberEnded(
                event.workflow(), event.node(), event.id(), state, null, error, event.startedAt(), event.at());
    }

    /**
     * Sends a record to the partition that its key belongs to. A client that hashes keys otherwise than Kafka's own chose another one, to
     * which the events of the workflow's tasks do not come.
     */
    private void sendAgain(Record<byte[], byte[]> record, String topic) {
        forward(record.key(), new Outgoing(topic, record.value(), record.headers()));
    }

    private void take(WorkflowRecord said, Record<byte[], byte[]> record) {
        if (said instanceof Workflow workflow) {
            workflows()
                    .submit(workflow, Instant.ofEpochMilli(Math.max(0, record.timestamp())), trace(record.headers()));
            coordinator.metrics().submitted();
        } else if (said instanceof GroupAppend append) {
            workflows().append(append);
        } else if (said instanceof GroupComplete complete) {
            workflows().complete(complete);
        } else if (said instanceof WorkflowCommand command) {
            workflows().command(command);
        }
    }

    private static Map<String, String> trace(Headers headers) {
        var trace = new LinkedHashMap<String, String>();
        int length = 0;
        for (var name : TRACE) {
            var header = headers.lastHeader(name);
            if (header != null && header.value() != null) {
                trace.put(name, new String(header.value(), UTF_8));
                length += header.value().length;
            }
        }
        return length > MAX_TRACE ? Map.of() : trace;
    }

    private void tick() {
        if (store().areJobsLeft()) {
            work(() -> {});
        }
    }

    private void publish() {
        work(workflows()::publishChanges);
    }

    /** Does the jobs that are due, and then something else. */
    private void work(Runnable more) {
        try {
            workflows().work(SLICE, isUpToDate());
            more.run();
            flush();
        } catch (KafkaException e) {
            discard();
            throw e; // as above
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error(
                    "{}: a job cannot be done, so each is tried alone",
                    context().taskId(),
                    e);
            discard();
            workflows().due().forEach(this::workAlone);
        }
    }

    /** Whether the topics are read to their end, as far as one can tell. */
    private boolean isUpToDate() {
        var now = clock().instant();
        return lastRead.isBefore(now.minus(UP_TO_DATE)) || lastWritten.isAfter(now.minus(UP_TO_DATE));
    }

    private void workAlone(Job job) {
        try {
            workflows().workAlone(job, SLICE);
            flush();
        } catch (KafkaException e) {
            discard();
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("workflow {} is given up, as {} cannot be done", job.workflow(), job.kind(), e);
            discard();
            workflows().giveUp(job, e.toString());
            flush();
        }
    }

    /** Brings changes and records out together: Streams commits them in one transaction. */
    private void flush() {
        store().flush();
        var records = outlet().take();
        records.forEach(keyed -> forward(keyed.key(), keyed.record()));
        if (!records.isEmpty()) {
            context().commit(); // workers see the tasks after the commit
        }
    }

    private void discard() {
        store().discard();
        workflows().discard();
        outlet().take();
    }

    private void setAside(RecordMetadata place, Record<byte[], byte[]> record, DeadLetter.Reason reason, String why) {
        discard();
        LOG.warn("{} is set aside as a dead letter: {}", place, why);
        var secret = record.headers().lastHeader(DeadLetter.SECRET) != null;
        var letter = new DeadLetter(
                reason, why, place.topic(), place.partition(), place.offset(), clock().instant(), secret);
        var headers = new RecordHeaders(record.headers());
        letter.addTo(headers);
        var most = coordinator.settings().maxTaskBytes() + Limits.KEPT_BESIDE;
        if (Limits.size(record.key(), record.value(), List.of(headers.toArray())) <= most) {
            forward(record.key(), new Outgoing(topics().deadLetters(), record.value(), headers));
        } else { // the record is as large as records may be, and leaves no room for the reason
            var reasonOnly = new RecordHeaders();
            letter.addTo(reasonOnly);
            forward(null, new Outgoing(topics().deadLetters(), null, reasonOnly));
        }
        coordinator.metrics().deadLetter(reason);
    }

    private void forward(byte @Nullable [] key, Outgoing outgoing) {
        context().forward(new Record<>(key, outgoing, clock().millis(), outgoing.headers()));
    }

    private Topics topics() {
        return coordinator.topics();
    }

    private InstantSource clock() {
        return coordinator.clock();
    }

    private ProcessorContext<byte[], Outgoing> context() {
        return Objects.requireNonNull(context, "Streams calls init before anything else");
    }

    private KeyValueWorkflowStore store() {
        return Objects.requireNonNull(store, "as context");
    }

    private Workflows workflows() {
        return Objects.requireNonNull(workflows, "as context");
    }

    private StreamOutlet outlet() {
        return Objects.requireNonNull(outlet, "as context");
    }
}
