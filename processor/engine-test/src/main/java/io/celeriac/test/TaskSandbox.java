package io.celeriac.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.client.Delivery;
import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskDefaults;
import io.celeriac.client.TaskSender;
import io.celeriac.client.result.MemoryResults;
import io.celeriac.client.result.ResultSource;
import io.celeriac.client.result.ResultWatch;
import io.celeriac.client.typed.TaskInterfaces;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.autoconfigure.HandlerScan;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.SourceRecord;
import io.celeriac.test.sent.SentTask;
import io.celeriac.test.sent.SentTasks;
import io.celeriac.test.signature.HandlerMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Celeriac within a test, without any server: a client, and handlers that run in the thread of the caller.
 *
 * <pre>{@code
 * var celeriac = TaskSandbox.inline(new MailHandlers(outbox));
 * var mails = celeriac.tasks(Mails.class);
 * mails.with(o -> o.countdown(Duration.ofMinutes(5))).send("ada@example.org", "Hello");
 * celeriac.clock().advance(Duration.ofMinutes(5));                           // runs it
 * assertThat(celeriac.sent()).sent("mail.send").once().withArg("to", "ada@example.org");
 * }</pre>
 *
 * <p>Tasks and results go through the bytes of the wire, and attempts through the code of the worker: arguments are bound, retries
 * counted, next steps emitted and secrets left out as in production. There is one difference: a retry follows at once, unless {@link
 * Builder#retriesByClock} says otherwise. A sandbox that only records runs nothing. Safe for use by several threads.
 */
public final class TaskSandbox implements AutoCloseable {

    private static final int MAX_REQUEST_BYTES = 1 << 20; // Kafka's default
    private static final int MAX_RECORD_BYTES = MAX_REQUEST_BYTES - Limits.REQUEST_OVERHEAD;
    private static final String WORKER = "sandbox";

    private final Settings settings;
    private final TestClock clock;
    private final TestBroker broker = new TestBroker(this::read);
    private final MemoryResults memory = new MemoryResults();
    private final SandboxResults results = new SandboxResults(memory, this::beforeWatch);
    private final List<SentTask> sent = new CopyOnWriteArrayList<>();
    private final List<DeadTask> dead = new CopyOnWriteArrayList<>();
    private final List<Command> commands = new CopyOnWriteArrayList<>();
    private final TaskClient client;
    private final WorkflowClient workflowClient;
    private final List<Workflow> workflows = new CopyOnWriteArrayList<>();
    private @Nullable InlineWorker worker; // guarded by this
    private final GroupMemory groups = new GroupMemory();
    private @Nullable InlineCoordinator coordinator; // guarded by this

    private record Settings(
            @Nullable Supplier<HandlerRegistry> handlers,
            Supplier<List<TaskListener>> listeners,
            TaskDefaults defaults,
            Topics topics,
            TestClock clock,
            boolean retriesAtOnce) {}

    private TaskSandbox(Settings settings) {
        this.settings = settings;
        this.clock = settings.clock;
        var sender = new TaskSender(broker, settings.topics, clock);
        this.client = new TaskClient(sender)
                .with(settings.defaults)
                .reading(results)
                .delivering(Delivery.AFTER_COMMIT, sender::send)
                .delivering(Delivery.OUTBOX, sender::send);
        this.workflowClient = new WorkflowClient(broker, settings.topics, sender, client, clock, MAX_REQUEST_BYTES);
    }

    /**
     * A sandbox that runs tasks.
     *
     * @param handlers objects with {@code @TaskHandler} methods, or {@link Handler}s, which may stand for those of another service
     */
    public static TaskSandbox inline(Object... handlers) {
        return builder().handlers(handlers).build();
    }

    /** A sandbox that runs nothing. Its handles answer {@code PENDING}, and have no result to get. */
    public static TaskSandbox recording() {
        return builder().build();
    }

    /** Begins a sandbox, which runs nothing unless it gets handlers. */
    public static Builder builder() {
        return new Builder();
    }

    /** The client that a service would get. */
    public TaskClient client() {
        return client;
    }

    /** The client of workflows that a service would get. */
    public WorkflowClient workflows() {
        return workflowClient;
    }

    /** The way to the broker, for a client of your own. */
    public Producer<byte[], byte[]> producer() {
        return broker;
    }

    /** The results of tasks, for a client of your own. */
    public ResultSource results() {
        return results;
    }

    /** An interface of tasks. */
    public <S> S tasks(Class<S> type) {
        return TaskInterfaces.implement(type, client);
    }

    /** The clock of client and handlers. */
    public TestClock clock() {
        return clock;
    }

    /** The tasks that were sent, by clients and by tasks. */
    public SentTasks sent() {
        return new SentTasks(() -> sent);
    }

    /** The tasks that have failed for good, as the dead-letter topic would have them. */
    public List<DeadTask> deadLetters() {
        return List.copyOf(dead);
    }

    /** The workflows that were sent, without the members of groups that were sent later. */
    public List<Workflow> sentWorkflows() {
        return List.copyOf(workflows);
    }

    /** The revocations that were sent. */
    public List<Command> revocations() {
        return List.copyOf(commands);
    }

    /** The newest published result of a task; empty if there is none. */
    public Optional<TaskResult> result(String id) {
        return memory.latest(id);
    }

    /** The tasks that wait for their time; {@link TestClock#advance} runs them. */
    public List<SentTask> held() {
        var inline = settings.handlers == null ? null : worker();
        return inline == null
                ? List.of()
                : inline.held().stream()
                        .map(task -> new SentTask(
                                task.origin().queue(),
                                task.task(),
                                headers(task.origin().headers()),
                                task.acceptedAt()))
                        .toList();
    }

    /** Sends fail from now on, as they do while no broker answers. */
    public void brokerGoesAway() {
        broker.refuse(new TimeoutException("the broker of this test is away"));
    }

    /** Sends succeed again. */
    public void brokerComesBack() {
        broker.refuse(null);
    }

    /**
     * Verifies that each method of the interfaces has a handler here that takes its arguments and returns its result, see {@link
     * HandlerMatch}.
     */
    public void assertHandlersMatch(Class<?>... interfaces) {
        HandlerMatch.assertHandlersMatch(handlers(), interfaces);
    }

    /** Forgets all tasks, results and revocations, and sets the clock back to its start. */
    public synchronized void reset() {
        close();
        sent.clear();
        dead.clear();
        commands.clear();
        workflows.clear();
        memory.clear();
        broker.clear();
        broker.refuse(null);
        clock.reset();
    }

    /** Drops all tasks that wait. */
    @Override
    public synchronized void close() {
        if (worker != null) {
            worker.close();
            worker = null;
        }
        coordinator = null;
        groups.clear();
    }

    private HandlerRegistry handlers() {
        var handlers = settings.handlers;
        if (handlers == null) {
            throw new IllegalStateException("this sandbox only records: give it handlers");
        }
        return handlers.get();
    }

    /** Makes the worker when it is first needed: in a Spring context, handlers may need the client. */
    private synchronized InlineWorker worker() {
        if (worker == null) {
            var handlers = handlers();
            worker = new InlineWorker(
                    handlers,
                    new OutcomeRecords(settings.topics, WORKER, MAX_RECORD_BYTES, handlers),
                    settings.listeners.get(),
                    clock,
                    settings.retriesAtOnce,
                    groups,
                    this::publish);
            clock.rings(new Alarms(worker, coordinator()));
        }
        return worker;
    }

    private synchronized InlineCoordinator coordinator() {
        if (coordinator == null) {
            coordinator = new InlineCoordinator(settings.topics, clock, broker::sendAnyway);
        }
        return coordinator;
    }

    /** What the clock wakes. */
    private record Alarms(InlineWorker worker, InlineCoordinator coordinator) implements TestClock.Alarm {

        @Override
        public @Nullable Instant next() {
            return Stream.of(Optional.ofNullable(worker.next()), Optional.ofNullable(coordinator.next()))
                    .flatMap(Optional::stream)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        }

        @Override
        public void ring() {
            worker.ring();
            coordinator.ring();
        }
    }

    private void publish(OutboundRecord record) {
        broker.sendAnyway(new ProducerRecord<>(record.topic(), null, record.key(), record.value(), record.headers()));
    }

    private void read(ProducerRecord<byte[], byte[]> record, long offset) {
        var topics = settings.topics;
        var value = record.value();
        if (record.topic().startsWith(topics.tasksPrefix())) {
            taken(record, offset);
        } else if (record.topic().equals(topics.results())) {
            memory.add(TaskJson.result(value));
        } else if (record.topic().equals(topics.control())) {
            revoked(TaskJson.command(value));
        } else if (record.topic().equals(topics.workflows())) {
            said(TaskJson.workflowRecord(value), record.headers());
        } else if (record.topic().equals(topics.workflowEvents())) {
            coordinator().ended(value, DeadLetter.isSecret(record.headers()));
        } else if (record.topic().equals(topics.groupResults())) {
            groups.add(TaskJson.groupPart(value));
        } else if (record.topic().equals(topics.deadLetters()) && value != null) {
            var why = DeadLetter.from(record.headers());
            if (why != null) {
                dead.add(new DeadTask(TaskJson.task(value), why));
            }
        }
    }

    private void taken(ProducerRecord<byte[], byte[]> record, long offset) {
        var queue = record.topic().substring(settings.topics.tasksPrefix().length());
        var now = clock.instant();
        sent.add(new SentTask(queue, TaskJson.task(record.value()), headers(record.headers()), now));
        if (settings.handlers != null) {
            worker().take(new SourceRecord(
                    queue, record.topic(), 0, offset, now, record.key(), record.value(), record.headers()));
        }
    }

    private static Map<String, String> headers(Headers headers) {
        var text = new LinkedHashMap<String, String>();
        headers.forEach(header -> text.put(header.key(), new String(header.value(), UTF_8)));
        return text;
    }

    private void revoked(Command command) {
        commands.add(command);
        if (settings.handlers != null) {
            worker().revoke(command);
        }
    }

    private void said(WorkflowRecord record, Headers headers) {
        if (record instanceof Workflow workflow) {
            workflows.add(workflow);
        }
        if (settings.handlers != null) {
            worker(); // so that the clock wakes the coordinator too
            coordinator().take(record, headers);
        }
    }

    private void beforeWatch(ResultWatch watch) {
        if (settings.handlers != null) {
            worker().runPending();
        } else {
            watch.end()
                    .completeExceptionally(new IllegalStateException(
                            "this sandbox only records tasks, so they have no results: give it handlers"));
        }
    }

    /** Makes a sandbox. */
    public static final class Builder {

        private @Nullable Supplier<HandlerRegistry> handlers;
        private Supplier<List<TaskListener>> listeners = List::of;
        private TaskDefaults defaults = TaskDefaults.NONE;
        private Topics topics = new Topics(Topics.DEFAULT_NAMESPACE);
        private TestClock clock = TestClock.start();
        private boolean retriesAtOnce = true;

        private Builder() {}

        /**
         * Runs tasks by these handlers.
         *
         * @param objects with {@code @TaskHandler} methods, or {@link Handler}s
         * @throws IllegalArgumentException when an object has no handler, or two have the same name
         */
        public Builder handlers(Object... objects) {
            var all = new ArrayList<Handler>();
            for (var object : objects) {
                all.addAll(handlersOf(object));
            }
            var registry = new HandlerRegistry(all);
            return handlers(() -> registry);
        }

        private static List<Handler> handlersOf(Object object) {
            if (object instanceof Handler handler) {
                return List.of(handler);
            }
            var found = HandlerScan.handlersOf(object);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(object.getClass().getName() + " has no @TaskHandler method");
            }
            return found;
        }

        /** Runs tasks by handlers that are asked for when the first task is sent. */
        public Builder handlers(Supplier<HandlerRegistry> newHandlers) {
            handlers = newHandlers;
            return this;
        }

        /** Tells these of each attempt. */
        public Builder listeners(TaskListener... newListeners) {
            var all = List.of(newListeners);
            return listeners(() -> all);
        }

        /** Tells listeners of each attempt that are asked for when the first task is sent. */
        public Builder listeners(Supplier<List<TaskListener>> newListeners) {
            listeners = newListeners;
            return this;
        }

        /** Routes and default options of the client. */
        public Builder defaults(TaskDefaults newDefaults) {
            defaults = newDefaults;
            return this;
        }

        /** The topics' names. */
        public Builder topics(Topics newTopics) {
            topics = newTopics;
            return this;
        }

        /** The clock of client and handlers. */
        public Builder clock(TestClock newClock) {
            clock = newClock;
            return this;
        }

        /** Retries wait for the backoff until the clock is moved. Otherwise they follow at once. */
        public Builder retriesByClock() {
            retriesAtOnce = false;
            return this;
        }

        /** Makes it. */
        public TaskSandbox build() {
            return new TaskSandbox(new Settings(handlers, listeners, defaults, topics, clock, retriesAtOnce));
        }
    }
}
