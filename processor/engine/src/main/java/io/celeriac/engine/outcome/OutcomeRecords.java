package io.celeriac.engine.outcome;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.Progress;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.rule.WireText;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.FailedAttempt;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.SourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes the records that are published for a task, without its secrets. Pure: the result depends on the arguments only. Safe for
 * use by several threads.
 */
public final class OutcomeRecords {

    /** The header with the history of a failed task's attempts, a JSON array. */
    public static final String ATTEMPTS_HEADER = "celeriac-attempts";

    /** The W3C header with the trace that a task belongs to. */
    public static final String TRACE_PARENT = "traceparent";

    private static final int MAX_TRACE = 8 * 1024;
    private static final List<String> TRACE_HEADERS = List.of(TRACE_PARENT, "tracestate", "baggage");

    private static final List<UnaryOperator<TaskResult>> LEFT_OUT_IN_TURN = List.of(
            TaskResult::withoutStackTrace,
            TaskResult::withoutArguments,
            TaskResult::withoutProgressWords,
            TaskResult::withoutChildren,
            TaskResult::withoutLabels);

    private final Topics topics;
    private final String worker;
    private final int maxRecordBytes;
    private final int maxTaskBytes;
    private final TaskRedaction secrecy;

    /**
     * @param worker id of this worker; cut to the length that fits the tables
     * @param maxRecordBytes the most bytes of a record: key, value and headers
     * @param handlers with the redaction of their tasks
     */
    public OutcomeRecords(Topics topics, String worker, int maxRecordBytes, HandlerRegistry handlers) {
        this.topics = topics;
        this.worker = WireText.beginning(WireText.repaired(worker), Limits.WORKER);
        this.maxRecordBytes = maxRecordBytes;
        this.maxTaskBytes = Limits.taskBytes(maxRecordBytes);
        this.secrecy = new TaskRedaction(handlers);
    }

    /** Id of this worker, as results have it. */
    public String worker() {
        return worker;
    }

    public TaskRedaction secrecy() {
        return secrecy;
    }

    /** The attempt has started or has made progress. */
    public AttemptOutcome.Progressed started(
            AcceptedTask task, long revision, Instant startedAt, @Nullable Progress progress) {
        var result = result(task, TaskState.STARTED, revision)
                .attempt(task.attempts() + 1)
                .worker(worker)
                .startedAt(startedAt)
                .progress(progress);
        return new AttemptOutcome.Progressed(task, List.of(published(task, result)));
    }

    /** The handler has returned. */
    public AttemptOutcome.Finished succeeded(
            AcceptedTask task,
            long revision,
            Instant startedAt,
            Instant finishedAt,
            @Nullable Progress progress,
            List<String> children,
            @Nullable JsonNode value) {
        var secret = secrecy.of(task).result();
        requireReadable(value, secret);
        var next = NextSteps.afterSuccess(topics, task, finishedAt, value, secret, trace(task));
        var result = result(task, TaskState.SUCCESS, revision)
                .attempt(task.attempts() + 1)
                .worker(worker)
                .startedAt(startedAt)
                .finishedAt(finishedAt)
                .progress(progress)
                .result(value)
                .children(both(children, next.ids()));
        var publications = new ArrayList<OutboundRecord>();
        if (!task.task().ignoreResult()) {
            publications.add(published(task, TaskJson.bytes(secrecy.redact(task, result.build()))));
        }
        publications.addAll(next.publications());
        memberEnded(task, TaskState.SUCCESS, startedAt, finishedAt, value, null, secret)
                .ifPresent(publications::add);
        publications.forEach(this::requireFitting);
        return new AttemptOutcome.Finished(task, TaskState.SUCCESS, publications);
    }

    /** Requires a result that everybody can read; a task with an unreadable result would seem to wait for ever. */
    private static void requireReadable(@Nullable JsonNode value, boolean secret) {
        if (value == null) {
            return;
        }
        try {
            TaskRules.value("result", value);
        } catch (InvalidTaskException e) {
            throw new InvalidResultException(
                    secret ? "the result, which is secret, breaks a rule for values" : String.valueOf(e.getMessage()));
        }
    }

    /** The attempt has failed, and another will follow. */
    public AttemptOutcome.Retried retried(
            AcceptedTask task, long revision, FailedAttempt failure, TaskError error, Instant due) {
        var result = result(task, TaskState.RETRY, revision)
                .attempt(failure.attempt())
                .worker(worker)
                .startedAt(failure.startedAt())
                .error(error)
                .nextAttemptAt(due);
        return new AttemptOutcome.Retried(task, task.failed(failure, revision), due, List.of(published(task, result)));
    }

    /**
     * The task has failed for good.
     *
     * @param error made by {@link ErrorRedaction}
     * @param failure the last attempt; null where there was none
     * @param children ids of the tasks that the attempt has emitted
     */
    public AttemptOutcome.Finished failed(
            AcceptedTask task,
            long revision,
            Reason reason,
            TaskError error,
            @Nullable FailedAttempt failure,
            List<String> children,
            Instant finishedAt) {
        var letter = deadLetter(task, reason, error, failure, finishedAt);
        return failed(task, revision, letter, null, error, failure, children, finishedAt);
    }

    private AttemptOutcome.Finished failed(
            AcceptedTask task,
            long revision,
            @Nullable OutboundRecord letter,
            @Nullable String winner,
            TaskError error,
            @Nullable FailedAttempt failure,
            List<String> children,
            Instant finishedAt) {
        var next = NextSteps.afterFailure(topics, task, finishedAt, error, trace(task));
        var result = result(task, TaskState.FAILURE, revision)
                .attempt(failure == null ? task.attempts() : failure.attempt())
                .worker(failure == null ? null : worker)
                .startedAt(failure == null ? null : failure.startedAt())
                .finishedAt(finishedAt)
                .error(error)
                .winner(winner)
                .children(both(children, next.ids()));
        var publications = new ArrayList<OutboundRecord>();
        publications.add(published(task, result));
        if (letter != null) {
            publications.add(letter);
        }
        for (var step : next.publications()) {
            publications.add(
                    fits(step)
                            ? step
                            : undeliverable(step, Reason.TOO_LARGE, "does not fit into a record", finishedAt));
        }
        var startedAt = failure == null ? null : failure.startedAt();
        memberEnded(task, TaskState.FAILURE, startedAt, finishedAt, null, error, false)
                .ifPresent(publications::add);
        return new AttemptOutcome.Finished(task, TaskState.FAILURE, publications);
    }

    private static List<String> both(List<String> children, List<String> next) {
        return Stream.concat(children.stream(), next.stream()).toList();
    }

    /** A task that a handler emits. */
    public record Child(String id, OutboundRecord publication) {}

    /**
     * A task that a handler emits.
     *
     * @param index how many tasks the parent has emitted before
     * @throws IllegalArgumentException when it does not fit into a record
     */
    public Child child(AcceptedTask parent, String queue, int index, Task task, Instant now) {
        var id = task.id() == null ? TaskIds.ofChild(parent.id(), "child", index) : task.id();
        var child = NextSteps.child(parent, task, id, task.args(), now);
        var publication = NextSteps.publication(topics.tasks(queue), child, trace(parent));
        if (publication.size() > maxTaskBytes) {
            throw new IllegalArgumentException("task " + task.task() + " " + tooLarge(publication.size()));
        }
        return new Child(id, publication);
    }

    /** The task was revoked or expired before it ran. */
    public AttemptOutcome.Finished revoked(AcceptedTask task, long revision, RevokeReason reason, Instant finishedAt) {
        var result = result(task, TaskState.REVOKED, revision)
                .attempt(task.attempts())
                .reason(reason)
                .finishedAt(finishedAt);
        return revoked(task, result, null, finishedAt);
    }

    /** The task does not run, as another one of its unique key was there before. */
    public AttemptOutcome.Finished notUnique(AcceptedTask task, String winner, Instant finishedAt) {
        return lost(task, RevokeReason.NOT_UNIQUE, winner, finishedAt);
    }

    /** The task does not run, as a later one of its unique key has taken its place. */
    public AttemptOutcome.Finished replaced(AcceptedTask task, String winner, Instant finishedAt) {
        return lost(task, RevokeReason.REPLACED, winner, finishedAt);
    }

    private AttemptOutcome.Finished lost(AcceptedTask task, RevokeReason reason, String winner, Instant finishedAt) {
        var result = result(task, TaskState.REVOKED, task.revision() + 1)
                .attempt(task.attempts())
                .reason(reason)
                .winner(winner)
                .finishedAt(finishedAt);
        return revoked(task, result, null, finishedAt);
    }

    /** The task fails, as another one of its unique key was there before. It is no dead letter: nothing is wrong with it. */
    public AttemptOutcome.Finished rejected(AcceptedTask task, String winner, Instant finishedAt) {
        var error = new TaskError("NotUnique", "task " + winner + " has its unique key", null);
        return failed(task, task.revision() + 1, null, winner, error, null, List.of(), finishedAt);
    }

    /** The task fails, as its record has another key than it must have for its unique key to mean anything. */
    public AttemptOutcome.Finished misplaced(AcceptedTask task, Instant finishedAt) {
        var why = "the record's key must be \"" + task.task().partitionKey()
                + "\", the task's key or else its unique key: tasks are compared within a partition only";
        var error = new TaskError("Misplaced", why, null);
        return failed(task, task.revision() + 1, null, null, error, null, List.of(), finishedAt);
    }

    private AttemptOutcome.Finished revoked(
            AcceptedTask task, TaskResult.Builder result, @Nullable Instant startedAt, Instant finishedAt) {
        var publications = new ArrayList<OutboundRecord>();
        publications.add(published(task, result));
        memberEnded(task, TaskState.REVOKED, startedAt, finishedAt, null, null, false)
                .ifPresent(publications::add);
        return new AttemptOutcome.Finished(task, TaskState.REVOKED, publications);
    }

    /** Tells the coordinator of the task's workflow, if it has one. A failure always fits: its error is cut. */
    private Optional<OutboundRecord> memberEnded(
            AcceptedTask task,
            TaskState state,
            @Nullable Instant startedAt,
            Instant at,
            @Nullable JsonNode value,
            @Nullable TaskError error,
            boolean secret) {
        var member = task.task().workflow();
        if (member == null) {
            return Optional.empty();
        }
        var withoutTrace = error == null ? null : new TaskError(error.type(), error.message(), null);
        var ended = new MemberEnded(member.id(), member.node(), task.id(), state, value, withoutTrace, startedAt, at);
        return Optional.of(new OutboundRecord(
                Destination.WORKFLOW_EVENTS,
                topics.workflowEvents(),
                member.id().getBytes(UTF_8),
                TaskJson.bytes(ended),
                secret ? NextSteps.secret(trace(task)) : trace(task)));
    }

    /** The task was revoked while it ran. */
    public AttemptOutcome.Finished terminated(
            AcceptedTask task, long revision, int attempt, Instant startedAt, Instant finishedAt) {
        var result = result(task, TaskState.REVOKED, revision)
                .attempt(attempt)
                .worker(worker)
                .startedAt(startedAt)
                .reason(RevokeReason.REVOKED)
                .finishedAt(finishedAt);
        return revoked(task, result, startedAt, finishedAt);
    }

    /** The reason why a record is no task, without secrets. */
    public String reason(SourceRecord origin, InvalidTaskException invalid) {
        return secrecy.concerns(origin.value(), origin.headers())
                ? invalid.withoutValues()
                : String.valueOf(invalid.getMessage());
    }

    /**
     * A record that is no task.
     *
     * @param why its {@link #reason}
     */
    public OutboundRecord unreadable(SourceRecord origin, String why, Instant now) {
        return deadLetter(origin, Reason.UNREADABLE, why, List.of(), now);
    }

    /** The records of a task that was accepted under earlier rules and breaks the rules of today. It fails for good. */
    public List<OutboundRecord> refused(AcceptedTask task, InvalidTaskException invalid, Instant now) {
        var error = new TaskError("Unreadable", reason(task.origin(), invalid), null);
        return failed(task, task.revision() + 1, Reason.UNREADABLE, error, null, List.of(), now)
                .publications();
    }

    /** The process died too often while the task ran. It fails for good. */
    public AttemptOutcome.Finished poisonous(AcceptedTask task, Instant now) {
        var message = "its process died " + task.deaths() + " times while it ran";
        var error = new TaskError("PoisonPill", message, null);
        return failed(task, task.revision() + 1, Reason.POISON_PILL, error, null, List.of(), now);
    }

    /** Whether a task's record leaves enough room for the state that is stored with it while it is unfinished. */
    public boolean isAcceptable(SourceRecord origin) {
        return origin.size() <= maxTaskBytes;
    }

    /**
     * The records of a task whose record is not {@link #isAcceptable}. It fails for good, because somebody may wait for it. Its failure
     * has revision 1, because nothing can have been published of it.
     *
     * @param task in the record; its id may be missing
     * @return the failure, without the fields that make it too large; the dead letter; and the task's {@code onFailure} steps
     */
    public List<OutboundRecord> tooLargeFailure(SourceRecord origin, Task task, Instant now) {
        var id = task.id() == null ? TaskIds.ofRecord(origin.topic(), origin.partition(), origin.offset()) : task.id();
        var accepted = AcceptedTask.first(origin, task.toBuilder().id(id).build(), now);
        var error = new TaskError("TooLarge", "the task's record " + tooLarge(origin.size()), null);
        return failed(accepted, 1, Reason.TOO_LARGE, error, null, List.of(), now)
                .publications();
    }

    private String tooLarge(int bytes) {
        return "has " + bytes + " bytes, and more than " + maxTaskBytes + " cannot be kept";
    }

    /** A next step that cannot be sent. */
    public OutboundRecord undeliverable(OutboundRecord step, Reason reason, String why, Instant now) {
        var secret = secrecy.concerns(step.value(), new RecordHeaders(step.headers()));
        var letter = new DeadLetter(reason, why, step.topic(), -1, -1, now, secret);
        return deadLetter(letter, step.key(), step.value(), step.headers(), List.of());
    }

    private OutboundRecord deadLetter(
            AcceptedTask task, Reason reason, TaskError error, @Nullable FailedAttempt failure, Instant now) {
        var attempts = new ArrayList<>(task.history());
        if (failure != null) {
            attempts.add(failure);
        }
        var message = error.message() == null ? error.type() : error.type() + ": " + error.message();
        var history = new RecordHeader(ATTEMPTS_HEADER, TaskJson.bytes(attempts));
        return deadLetter(task.origin(), reason, message, List.of(history), now);
    }

    private OutboundRecord deadLetter(SourceRecord origin, Reason reason, String why, List<Header> more, Instant now) {
        var secret = secrecy.concerns(origin.value(), origin.headers());
        var letter = new DeadLetter(reason, why, origin.topic(), origin.partition(), origin.offset(), now, secret);
        return deadLetter(
                letter, origin.key(), origin.value(), List.of(origin.headers().toArray()), more);
    }

    /** Keeps the reason in any case. If the rest does not fit, it leaves out the history first, then the record itself. */
    private OutboundRecord deadLetter(
            DeadLetter letter,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> original,
            List<Header> more) {
        var headers = new RecordHeaders(original);
        letter.addTo(headers);
        var bare = new OutboundRecord(
                Destination.DEAD_LETTERS, topics.deadLetters(), key, value, List.of(headers.toArray()));
        more.forEach(headers::add);
        var whole = new OutboundRecord(
                Destination.DEAD_LETTERS, topics.deadLetters(), key, value, List.of(headers.toArray()));
        if (fits(whole)) {
            return whole;
        }
        if (fits(bare)) {
            return bare;
        }
        var reasonOnly = new RecordHeaders();
        letter.addTo(reasonOnly);
        return new OutboundRecord(
                Destination.DEAD_LETTERS, topics.deadLetters(), null, null, List.of(reasonOnly.toArray()));
    }

    /** Whether that many bytes fit into a record. */
    public boolean fits(int bytes) {
        return bytes <= maxRecordBytes;
    }

    /** The most bytes of a record. A next step must fit into a worker's store, and an event into the coordinator's. */
    private int most(OutboundRecord publication) {
        return switch (publication.destination()) {
            case NEXT_STEPS, WORKFLOW_EVENTS -> maxTaskBytes;
            case RESULTS, DEAD_LETTERS -> maxRecordBytes;
        };
    }

    private boolean fits(OutboundRecord publication) {
        return publication.size() <= most(publication);
    }

    private void requireFitting(OutboundRecord publication) {
        if (!fits(publication)) {
            throw new ResultTooLargeException(publication.size(), most(publication));
        }
    }

    private static TaskResult.Builder result(AcceptedTask task, TaskState state, long revision) {
        return TaskResult.of(task.task(), task.origin().queue(), state)
                .id(task.id())
                .revision(revision)
                .at(task.origin().partition(), task.origin().offset())
                .submittedAt(TaskRules.within(task.submittedAt())); // a record's timestamp may be any
    }

    private OutboundRecord published(AcceptedTask task, TaskResult.Builder result) {
        return published(task, fitting(secrecy.redact(task, result.build())));
    }

    private OutboundRecord published(AcceptedTask task, byte[] result) {
        return new OutboundRecord(
                Destination.RESULTS, topics.results(), task.id().getBytes(UTF_8), result, trace(task));
    }

    /** Leaves out fields until the record fits, because a state must always be published; the searchable fields go last. */
    private byte[] fitting(TaskResult result) {
        var bytes = TaskJson.bytes(result);
        var left = result;
        for (var leaveOut : LEFT_OUT_IN_TURN) {
            if (bytes.length <= maxTaskBytes) {
                break;
            }
            left = leaveOut.apply(left);
            bytes = TaskJson.bytes(left);
        }
        return bytes;
    }

    /** The W3C headers of the task's record, unless they are larger than any tracer reads. */
    private static List<Header> trace(AcceptedTask task) {
        if (!task.origin().headers().iterator().hasNext()) {
            return List.of();
        }
        var headers = StreamSupport.stream(task.origin().headers().spliterator(), false)
                .filter(header -> TRACE_HEADERS.contains(header.key()))
                .toList();
        return Limits.size(null, null, headers) > MAX_TRACE ? List.of() : headers;
    }
}
