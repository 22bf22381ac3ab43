package io.celeriac.test;

import static java.util.Comparator.comparing;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.contract.task.Unique.OnConflict;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.attempt.GroupLists;
import io.celeriac.engine.attempt.InlineAttempts;
import io.celeriac.engine.control.RevokedTasks;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.UnknownTaskException;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.store.UniqueKeys;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in the thread that sends them.
 *
 * <pre>
 * record ──▶ duplicate? ──▶ unique? ──▶ due later? ── yes ──▶ held, until the clock is moved
 *                                           │ no                 │
 *                                           ▼                    ▼
 *                                    pending of the thread ──▶ attempt ──▶ result, next steps, dead letter
 *                                           ▲                    │
 *                                           └────── retry ───────┘
 * </pre>
 *
 * <p>A task that a handler sends waits until the handler has come back, or until it asks for the task's result. Otherwise a task that
 * sends its successor would fill the stack. Safe for use by several threads: each runs what it has sent.
 */
final class InlineWorker implements TestClock.Alarm, AutoCloseable {

    /** The deduplication window of a worker without settings. */
    private static final Duration DEDUPLICATION = Duration.ofMinutes(10);

    /** Attempts of a task without moving the clock; a handler that always asks for another one would never end. */
    private static final int MOST_ATTEMPTS_AT_ONCE = 100;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private record Held(Instant until, int priority, long number, AcceptedTask task) {}

    /** What a thread has still to run. */
    private static final class Pending {
        private final Deque<AcceptedTask> tasks = new ArrayDeque<>();
        private boolean runs;
    }

    private final HandlerRegistry handlers;
    private final OutcomeRecords outcomes;
    private final InlineAttempts attempts;
    private final TestClock clock;
    private final boolean retriesAtOnce;
    private final Consumer<OutboundRecord> publisher;
    private final RevokedTasks revoked = new RevokedTasks(FOR_EVER, topic -> Uuid.ZERO_UUID);
    private final ThreadLocal<Pending> pending = ThreadLocal.withInitial(Pending::new);

    // all below is guarded by this
    private final Queue<Held> held = new PriorityQueue<>(
            comparing(Held::until).thenComparing(Held::priority).thenComparing(Held::number));
    private final Map<String, TaskState> unfinished = new HashMap<>();
    private final Map<String, UniqueKeys> uniqueKeys = new HashMap<>(); // by queue
    private final Map<String, Instant> finished = new HashMap<>();
    private long number;

    /**
     * @param retriesAtOnce false: a retry waits until the clock is moved
     * @param groupLists the large lists of results
     * @param publisher sends results, next steps and dead letters
     */
    InlineWorker(
            HandlerRegistry handlers,
            OutcomeRecords outcomes,
            List<TaskListener> listeners,
            TestClock clock,
            boolean retriesAtOnce,
            GroupLists groupLists,
            Consumer<OutboundRecord> publisher) {
        this.handlers = handlers;
        this.outcomes = outcomes;
        this.attempts = new InlineAttempts(outcomes, revoked, listeners, clock, new Random(0), groupLists);
        this.clock = clock;
        this.retriesAtOnce = retriesAtOnce;
        this.publisher = publisher;
    }

    /** Takes the task of a record, and runs it unless it is due later or a handler runs in this thread. */
    void take(SourceRecord record) {
        var task = TaskJson.task(Objects.requireNonNull(record.value(), "a task's record has a value"));
        var id = task.id() == null ? TaskIds.ofRecord(record.topic(), record.partition(), record.offset()) : task.id();
        var accepted = AcceptedTask.first(record, task.toBuilder().id(id).build(), clock.instant());
        if (!isAccepted(accepted) || !hasItsUniqueKey(accepted)) {
            return;
        }
        if (task.eta() == null || !task.eta().isAfter(clock.instant())) {
            pending.get().tasks.add(accepted);
        } else {
            hold(accepted, task.eta());
        }
        if (!pending.get().runs) {
            runPending();
        }
    }

    private synchronized boolean isAccepted(AcceptedTask task) {
        var ended = finished.get(key(task));
        return (ended == null || !clock.instant().isBefore(ended.plus(DEDUPLICATION)))
                && unfinished.putIfAbsent(key(task), TaskState.PENDING) == null;
    }

    private static String key(AcceptedTask task) {
        return key(task, task.id());
    }

    private static String key(AcceptedTask task, String id) {
        return task.origin().queue() + '/' + id;
    }

    /** Whether a new task may go on: it has no unique key, or has got it. Another one ends at once. */
    private boolean hasItsUniqueKey(AcceptedTask task) {
        var unique = task.task().unique();
        var now = clock.instant();
        if (unique == null || task.isExpired(now) || revoked.reason(task) != null) {
            return true;
        }
        var rival = claim(task, unique, now);
        if (rival == null) {
            return true;
        }
        switch (unique.onConflict()) {
            case REPLACE -> {
                for (var waiting : withdrawn(each -> key(each).equals(key(task, rival)))) {
                    settle(outcomes.replaced(waiting, task.id(), now));
                }
                return true;
            }
            case IGNORE -> settle(outcomes.notUnique(task, rival, now));
            case REJECT -> settle(outcomes.rejected(task, rival, now));
        }
        return false;
    }

    /** Gives a task its unique key unless another one keeps it; answers the other one, which may be one that it replaces. */
    private synchronized @Nullable String claim(AcceptedTask task, Unique unique, Instant now) {
        var keys = uniqueKeys.computeIfAbsent(task.origin().queue(), queue -> new UniqueKeys());
        keys.expire(now.toEpochMilli());
        var rival = keys.rival(task, id -> unfinished.get(key(task, id)), now.toEpochMilli());
        if (rival == null || unique.onConflict() == OnConflict.REPLACE) {
            keys.claim(task, rival);
        }
        return rival;
    }

    /** The later task that has taken the place of one, which must not begin any more; null when it begins. */
    private synchronized @Nullable String begin(AcceptedTask task) {
        var keys = uniqueKeys.get(task.origin().queue());
        var winner = keys == null ? null : keys.replacedBy(task);
        if (winner == null) {
            unfinished.put(key(task), TaskState.STARTED);
        }
        return winner;
    }

    /** A task that expires before it is due ends when it expires. */
    private synchronized void hold(AcceptedTask task, Instant due) {
        var expires = task.task().expires();
        var until = expires == null || expires.isAfter(due) ? due : expires.plusNanos(1_000);
        held.add(new Held(until, -task.task().priorityOrDefault(), number++, task));
    }

    /** Runs what waits in this thread; also called in the middle of a handler that waits for a result. */
    void runPending() {
        var mine = pending.get();
        var ran = mine.runs;
        mine.runs = true;
        try {
            for (var next = mine.tasks.poll(); next != null; next = mine.tasks.poll()) {
                attempt(next);
            }
        } finally {
            mine.runs = ran;
        }
    }

    private void attempt(AcceptedTask task) {
        var winner = begin(task);
        if (winner != null) {
            settle(outcomes.replaced(task, winner, clock.instant()));
            return;
        }
        var name = task.task().task();
        var handler = handlers.find(name).orElseGet(() -> UnknownTaskException.handler(name, handlers.names()));
        var last = new AtomicReference<@Nullable AttemptOutcome>();
        attempts.run(task, handler, outcome -> {
            if (outcome instanceof AttemptOutcome.Finished || outcome instanceof AttemptOutcome.Retried) {
                last.set(outcome); // settled in this thread, also if a time limit has decided it in another
            } else {
                settle(outcome);
            }
        });
        settle(Objects.requireNonNull(last.get(), "an attempt without an outcome"));
    }

    private void settle(AttemptOutcome outcome) {
        if (outcome instanceof AttemptOutcome.Finished finished) {
            end(finished.task(), finished.state());
        }
        outcome.publications().forEach(publisher);
        if (outcome instanceof AttemptOutcome.Emitted emitted) {
            emitted.committed();
        } else if (outcome instanceof AttemptOutcome.Retried retried) {
            retry(retried.again(), retried.due());
        }
    }

    private synchronized void end(AcceptedTask task, TaskState state) {
        unfinished.remove(key(task));
        finished.put(key(task), clock.instant());
        var keys = uniqueKeys.get(task.origin().queue());
        if (keys != null) {
            keys.ended(task, state, clock.millis());
        }
    }

    private void retry(AcceptedTask task, Instant due) {
        waitsForRetry(task);
        if (!due.isAfter(clock.instant()) || (retriesAtOnce && task.attempts() < MOST_ATTEMPTS_AT_ONCE)) {
            pending.get().tasks.addFirst(task);
        } else {
            hold(task, due);
        }
    }

    private synchronized void waitsForRetry(AcceptedTask task) {
        unfinished.put(key(task), TaskState.RETRY);
    }

    /** Revokes a task, or the run of a workflow: what is held ends now, and what runs is interrupted if the command says so. */
    void revoke(Command command) {
        revoked.add(command.id(), clock.instant());
        for (var waiting : withdrawn(task -> revoked.reason(task) != null)) {
            settle(outcomes.revoked(waiting, waiting.revision() + 1, RevokeReason.REVOKED, clock.instant()));
        }
        if (command.terminate()) {
            attempts.terminate(command.id());
        }
    }

    private synchronized List<AcceptedTask> withdrawn(Predicate<AcceptedTask> which) {
        var withdrawn = held.stream().filter(each -> which.test(each.task)).toList();
        held.removeAll(withdrawn);
        return withdrawn.stream().map(Held::task).toList();
    }

    @Override
    public synchronized @Nullable Instant next() {
        var first = held.peek();
        return first == null ? null : first.until;
    }

    /** Runs what is due in this thread. */
    @Override
    public void ring() {
        for (var due = due(); due != null; due = due()) {
            pending.get().tasks.add(due);
        }
        runPending();
    }

    private synchronized @Nullable AcceptedTask due() {
        var first = held.peek();
        if (first == null || first.until.isAfter(clock.instant())) {
            return null;
        }
        held.remove();
        return first.task;
    }

    /** The tasks that wait until the clock is moved. */
    synchronized List<AcceptedTask> held() {
        return held.stream().sorted(comparing(Held::until)).map(Held::task).toList();
    }

    @Override
    public void close() {
        attempts.close();
    }
}
