package io.celeriac.client;

import io.celeriac.client.result.ResultSource;
import io.celeriac.client.result.Since;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.WorkflowMember;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends tasks, and answers a {@link TaskHandle} for each at once: the front door of a service. Safe for use by several threads; one
 * client a process is enough.
 *
 * <pre>{@code
 * tasks.send("demo.add", 2, 3);                                        // by name
 * tasks.send(SEND, new SendEmail("ada@example.org", "Hello"));         // typed, by a constant
 * tasks.send(SEND, new SendEmail("ada@example.org", "Hello"), o -> o.countdown(Duration.ofMinutes(5)));
 * }</pre>
 *
 * <p>The queue of a call is the one that its options name, otherwise the one of its route in configuration, otherwise {@code
 * default}. A task that breaks the contract is refused with {@link InvalidTaskException}. If the broker does not take it, {@link
 * TaskHandle#receipt()} fails with {@link SubmitException}.
 */
public final class TaskClient {

    private final TaskSender sender;
    private final TaskDefaults defaults;
    private final @Nullable ResultSource results;
    private final Map<Delivery, TaskOutlet> outlets;

    /** A client without routes, whose handles cannot wait for results. */
    public TaskClient(TaskSender sender) {
        this(sender, TaskDefaults.NONE, null, Map.of());
    }

    private TaskClient(
            TaskSender sender,
            TaskDefaults defaults,
            @Nullable ResultSource results,
            Map<Delivery, TaskOutlet> outlets) {
        this.sender = sender;
        this.defaults = defaults;
        this.results = results;
        this.outlets = outlets;
    }

    /** The same client with routes and default options. */
    public TaskClient with(TaskDefaults newDefaults) {
        return new TaskClient(sender, newDefaults, results, outlets);
    }

    /** The same client, whose handles can wait for results. */
    public TaskClient reading(ResultSource newResults) {
        return new TaskClient(sender, defaults, newResults, outlets);
    }

    /** The same client with a further way to the broker. */
    public TaskClient delivering(Delivery delivery, TaskOutlet outlet) {
        var more = new EnumMap<Delivery, TaskOutlet>(Delivery.class);
        more.putAll(outlets);
        more.put(delivery, outlet);
        return new TaskClient(sender, defaults, results, more);
    }

    /** Sends a task by name with positional arguments, each written as JSON. */
    public TaskHandle<JsonNode> send(String task, @Nullable Object... args) {
        return send(Task.of(task, args));
    }

    /** Sends a task. */
    public TaskHandle<JsonNode> send(Task task) {
        return send(task, TaskOptions.NONE, JsonNode.class);
    }

    /** Sends a task with options, which go before its own fields. */
    public TaskHandle<JsonNode> send(Task task, UnaryOperator<TaskOptions> options) {
        return send(task, options.apply(TaskOptions.NONE), JsonNode.class);
    }

    /** Sends a task to a queue. */
    public TaskHandle<JsonNode> sendTo(String queue, Task task) {
        return send(task, options -> options.queue(queue));
    }

    /** Sends a typed task. */
    public <A, R> TaskHandle<R> send(TaskType<A, R> type, A arguments) {
        return send(type.with(arguments), TaskOptions.NONE, type.result());
    }

    /** Sends a typed task with options. */
    public <A, R> TaskHandle<R> send(TaskType<A, R> type, A arguments, UnaryOperator<TaskOptions> options) {
        return send(type.with(arguments), options.apply(TaskOptions.NONE), type.result());
    }

    /**
     * Sends many typed tasks. The producer batches them. When one cannot be sent, its own receipt says so.
     *
     * @return the handles in the order of the arguments
     * @throws InvalidTaskException when a task breaks the contract; then none is sent
     */
    public <A, R> List<TaskHandle<R>> sendAll(TaskType<A, R> type, Collection<? extends A> arguments) {
        return sendAll(type, arguments, UnaryOperator.identity());
    }

    /** Sends many typed tasks with the same options, see {@link #sendAll(TaskType, Collection)}. */
    public <A, R> List<TaskHandle<R>> sendAll(
            TaskType<A, R> type, Collection<? extends A> arguments, UnaryOperator<TaskOptions> options) {
        var applied = options.apply(TaskOptions.NONE);
        return sendAll(arguments.stream()
                .map(type::with)
                .map(task -> call(task, applied, TaskOptions.NONE, type.result()))
                .toList());
    }

    /** Sends many tasks, see {@link #sendAll(TaskType, Collection)}. */
    public List<TaskHandle<JsonNode>> sendAll(Collection<Task> tasks) {
        return sendAll(tasks.stream()
                .map(task -> call(task, TaskOptions.NONE, TaskOptions.NONE, JsonNode.class))
                .toList());
    }

    /** Sends a typed task when the transaction of the calling thread has committed, see {@link Delivery#AFTER_COMMIT}. */
    public <A, R> TaskHandle<R> sendAfterCommit(TaskType<A, R> type, A arguments) {
        return send(type, arguments, TaskOptions::afterCommit);
    }

    /** Sends a task when the transaction of the calling thread has committed, see {@link Delivery#AFTER_COMMIT}. */
    public TaskHandle<JsonNode> sendAfterCommit(Task task) {
        return send(task, TaskOptions::afterCommit);
    }

    /**
     * Sends a task; the one method that all others come to.
     *
     * @param options of the call
     * @param declared beside the task's name in code; the configuration goes before them
     * @param result type of the result, which the caller answers for
     */
    public <R> TaskHandle<R> send(Task task, TaskOptions options, TaskOptions declared, Type result) {
        return send(call(task, options, declared, result));
    }

    private <R> TaskHandle<R> send(Task task, TaskOptions options, Type result) {
        return send(task, options, TaskOptions.NONE, result);
    }

    /** A task that was checked, with all options applied. */
    private record Call(TaskSender.Prepared prepared, Task task, Delivery delivery, Type result) {}

    private Call call(Task task, TaskOptions options, TaskOptions declared, Type result) {
        WorkflowMember.requireNone(task);
        var all = options.over(defaults.options(task.task())).over(declared);
        var queue = all.queue() == null ? defaults.route(task.task()).orElse(TaskRules.DEFAULT_QUEUE) : all.queue();
        var stamped = sender.stamped(all.applyTo(task, sender.now()));
        return new Call(sender.prepared(queue, stamped, all.headers()), stamped, all.delivery(), result);
    }

    private <R> TaskHandle<R> send(Call call) {
        var since = since(call.task); // before it is sent, so that its result lies behind
        return handle(call, outlet(call.delivery).send(call.prepared), since);
    }

    private <R> List<TaskHandle<R>> sendAll(List<Call> calls) {
        var since = calls.stream().map(call -> since(call.task)).toList();
        var handles = new ArrayList<TaskHandle<R>>();
        for (int begin = 0; begin < calls.size(); begin = handles.size()) {
            var receipts = sent(calls.subList(begin, calls.size()));
            for (int i = 0; i < receipts.size(); i++) {
                handles.add(handle(calls.get(begin + i), receipts.get(i), since.get(begin + i)));
            }
        }
        return handles;
    }

    private <R> TaskHandle<R> handle(Call call, CompletableFuture<Receipt> receipt, Since since) {
        return new TaskHandle<>(idOf(call.task), call.result, call.task.ignoreResult(), receipt, since, this);
    }

    /** Sends the first of these calls, and those behind it that go the same way. */
    private List<CompletableFuture<Receipt>> sent(List<Call> calls) {
        var delivery = calls.get(0).delivery;
        return outlet(delivery)
                .sendAll(calls.stream()
                        .takeWhile(call -> call.delivery == delivery)
                        .map(Call::prepared)
                        .toList());
    }

    private static String idOf(Task task) {
        return String.valueOf(task.id());
    }

    private Since since(Task task) {
        var id = idOf(task);
        var reader = results;
        var place = reader == null ? OptionalLong.empty() : reader.place(id);
        if (place.isPresent()) {
            return Since.offset(place.getAsLong());
        }
        return task.submittedAt() == null ? Since.idWasMade(id) : Since.time(task.submittedAt());
    }

    private TaskOutlet outlet(Delivery delivery) {
        var outlet = outlets.get(delivery);
        if (outlet != null) {
            return outlet;
        }
        if (delivery == Delivery.DIRECT) {
            return sender::send;
        }
        throw new IllegalStateException("this client has no way to send by " + delivery
                + (delivery == Delivery.OUTBOX
                        ? ": set celeriac.client.outbox.enabled=true, and have a DataSource"
                        : ": spring-tx is not on the class path"));
    }

    /** A handle for a task that was sent elsewhere. */
    public TaskHandle<JsonNode> handle(String id) {
        return handle(id, JsonNode.class);
    }

    /**
     * A handle for a task that was sent elsewhere. Its result is looked for from the time of its id on if that is a UUIDv7, as this
     * client makes them, and otherwise in all results that are kept.
     *
     * @throws InvalidTaskException when this cannot be an id
     */
    public <R> TaskHandle<R> handle(String id, Class<R> result) {
        return handleOf(id, result);
    }

    /**
     * A handle as {@link #handle(String, Class)}, for results of a generic type.
     *
     * @param result type of the result, which the caller answers for
     */
    public <R> TaskHandle<R> handleOf(String id, Type result) {
        TaskRules.oldId("id", id);
        CompletableFuture<Receipt> none = CompletableFuture.failedFuture(
                new IllegalStateException("task " + id + " was not sent by this handle, so it has no receipt"));
        return new TaskHandle<>(id, result, false, none, Since.idWasMade(id), this);
    }

    /** Revokes a task, see {@link TaskSender#revoke}. */
    public CompletableFuture<Void> revoke(String id, boolean terminate) {
        return sender.revoke(id, terminate);
    }

    ResultSource results() {
        if (results == null) {
            throw new IllegalStateException("this client does not read results: give it a ResultReader");
        }
        return results;
    }
}
