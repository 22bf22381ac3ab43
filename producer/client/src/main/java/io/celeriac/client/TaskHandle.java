package io.celeriac.client;

import io.celeriac.client.result.ResultSource;
import io.celeriac.client.result.ResultWatch;
import io.celeriac.client.result.Since;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.TaskState;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A task that was sent, like Celery's {@code AsyncResult}. Costs nothing until somebody asks for the result; then the results topic
 * is read, by one reader for all handles of a process. Safe for use by several threads.
 *
 * <pre>{@code
 * var handle = tasks.send("demo.add", 2, 3);
 * handle.get(Duration.ofSeconds(10));                        // waits for the result
 * tasks.handle(id, Integer.class).get(Duration.ofSeconds(10)); // in another process, which got the id
 * }</pre>
 *
 * @param <R> type of the result
 */
public final class TaskHandle<R> {

    private final String id;
    private final Type type;
    private final boolean ignoresResult;
    private final CompletableFuture<Receipt> receipt;
    private final Since since;
    private final TaskClient client;
    private volatile @Nullable TaskResult end;
    private @Nullable ResultWatch kept;

    TaskHandle(
            String id,
            Type type,
            boolean ignoresResult,
            CompletableFuture<Receipt> receipt,
            Since since,
            TaskClient client) {
        this.id = id;
        this.type = type;
        this.ignoresResult = ignoresResult;
        this.receipt = receipt;
        this.since = since;
        this.client = client;
    }

    /** The task's id, known before the broker has the task. */
    public String id() {
        return id;
    }

    /**
     * Completes when the broker has the task, or fails with {@link SubmitException}. Fails with {@link IllegalStateException} for a
     * task in the outbox, and for a handle that was made from an id.
     */
    public CompletableFuture<Receipt> receipt() {
        return receipt;
    }

    /**
     * The newest published state; {@link TaskState#PENDING} if nothing was published, also for an id that nobody sent, as in Celery.
     *
     * @throws IllegalStateException when the broker does not answer
     */
    public TaskState state() {
        var newest = newest();
        return newest == null ? TaskState.PENDING : newest.state();
    }

    /**
     * The tasks that this one emitted, as far as its newest published result names them.
     *
     * @throws IllegalStateException when the broker does not answer
     */
    public List<TaskHandle<JsonNode>> children() {
        var newest = newest();
        return newest == null
                ? List.of()
                : newest.children().stream().map(client::handle).toList();
    }

    private @Nullable TaskResult newest() {
        var known = end;
        if (known != null) {
            return known;
        }
        var reader = client.results();
        var watch = reader.watch(id, since);
        try {
            watch.caughtUp().get(reader.answerTimeout().toNanos(), TimeUnit.NANOSECONDS);
            return watch.latest().map(this::remembered).orElse(null);
        } catch (TimeoutException e) {
            throw new IllegalStateException("results were not read within " + reader.answerTimeout() + why(reader), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            reader.release(watch);
        }
    }

    /**
     * Waits for the result.
     *
     * @return null if the handler returned nothing
     * @throws RemoteTaskException when the task failed
     * @throws TaskRevokedException when it was revoked, or expired
     * @throws SubmitException when the broker did not take it
     * @throws TimeoutException when it has not ended in time; it goes on
     * @throws IllegalStateException when the task was sent with {@code ignoreResult}
     */
    public @Nullable R get(Duration timeout) throws InterruptedException, TimeoutException {
        var known = end;
        if (known != null) {
            return value(known);
        }
        var reader = reader();
        var watch = reader.watch(id, since);
        var first = refusal().applyToEither(watch.end(), Function.identity());
        try {
            return value(first.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new TimeoutException("task " + id + " has not ended within " + timeout + why(reader));
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        } finally {
            reader.release(watch);
        }
    }

    /**
     * The result, when it is there. Fails as {@link #get}. Stages run on the client's executor. Dependent stages keep the task
     * watched until it ends.
     */
    public CompletableFuture<@Nullable R> result() {
        var known = end;
        if (known != null) {
            return CompletableFuture.completedFuture(known).thenApply(this::value);
        }
        return refusal()
                .applyToEither(kept(reader()).end(), Function.identity())
                .thenApply(this::value);
    }

    /**
     * Calls a listener with the newest published result and with each newer one: state, attempt, progress. It runs on the client's
     * executor. A slow listener misses results between two calls, but not the last.
     */
    public void onUpdate(Consumer<? super TaskResult> listener) {
        kept(client.results()).listen(listener);
    }

    /** Revokes the task: if it has not started, it will not run. */
    public CompletableFuture<Void> revoke() {
        return client.revoke(id, false);
    }

    /**
     * Revokes the task.
     *
     * @param terminate true: a running attempt is interrupted
     */
    public CompletableFuture<Void> revoke(boolean terminate) {
        return client.revoke(id, terminate);
    }

    private ResultSource reader() {
        if (ignoresResult) {
            throw new IllegalStateException(
                    "task " + id + " was sent with ignoreResult, so its result is not published");
        }
        return client.results();
    }

    /** One watch for all futures and listeners of this handle; released when the task has ended. */
    private synchronized ResultWatch kept(ResultSource reader) {
        var known = kept;
        if (known != null) {
            return known;
        }
        var watch = reader.watch(id, since);
        kept = watch;
        watch.end().whenComplete((result, error) -> reader.release(watch));
        return watch;
    }

    /** Fails if the task was not sent, and otherwise never completes. */
    private CompletableFuture<TaskResult> refusal() {
        var refused = new CompletableFuture<TaskResult>();
        receipt.whenComplete((taken, error) -> {
            if (error instanceof SubmitException) {
                refused.completeExceptionally(error);
            }
        });
        return refused;
    }

    private @Nullable R value(TaskResult result) {
        remembered(result);
        return switch (result.state()) {
            case FAILURE ->
                throw new RemoteTaskException(
                        id,
                        result.task(),
                        Objects.requireNonNullElseGet(result.error(), () -> new TaskError("unknown", null, null)));
            case REVOKED -> throw new TaskRevokedException(id, result);
            default -> read(result);
        };
    }

    private TaskResult remembered(TaskResult result) {
        if (result.state().isFinal()) {
            end = result;
        }
        return result;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    private @Nullable R read(TaskResult result) {
        var json = result.result();
        if (json == null) {
            return null;
        }
        var mapper = TaskJson.MAPPER;
        try {
            return mapper.readValue(mapper.treeAsTokens(json), mapper.constructType(type));
        } catch (JacksonException e) {
            var why = json.path("$group").isString()
                    ? "it is a list of " + json.path("size").asInt(0) + " results that does not fit into a record;"
                            + " end the workflow with a task that takes the list"
                    : e.getOriginalMessage();
            throw new IllegalStateException(
                    "result of task " + id + " (" + result.task() + ") cannot be read as " + type.getTypeName() + ": "
                            + why,
                    e);
        }
    }

    private static String why(ResultSource reader) {
        return reader.failure()
                .map(reason -> "; results cannot be read: " + reason)
                .orElse("");
    }

    private static RuntimeException unchecked(@Nullable Throwable error) {
        if (error instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return unchecked(wrapped.getCause());
        }
        return error instanceof RuntimeException told ? told : new CancellationException(String.valueOf(error));
    }

    @Override
    public String toString() {
        return "task " + id;
    }
}
