package io.celeriac.resultsweb.retry;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.RerunRepository;
import io.celeriac.results.action.RerunRepository.Claim;
import io.celeriac.results.action.TaskAction;
import io.celeriac.resultsweb.action.ActionWork;
import io.celeriac.resultsweb.action.Selection;
import io.celeriac.resultsweb.action.TaskMatches;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Retries tasks that have ended, unless they were retried before. */
final class RetryWork implements ActionWork<TaskResult> {

    private final TaskMatches matches;
    private final RerunRepository reruns;
    private final QueueDirectory queues;
    private final TaskSender client;
    private final RedactionRules rules;
    private final InstantSource clock;

    RetryWork(
            TaskMatches matches,
            RerunRepository reruns,
            QueueDirectory queues,
            TaskSender client,
            RedactionRules rules,
            InstantSource clock) {
        this.matches = matches;
        this.reruns = reruns;
        this.queues = queues;
        this.client = client;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.RETRY;
    }

    @Override
    public Page<TaskResult> next(Selection selection, @Nullable String cursor, int limit) {
        return matches.next(selection, cursor, limit);
    }

    @Override
    public Optional<String> queue(TaskResult task) {
        return Optional.of(task.queue());
    }

    @Override
    public Optional<TaskResult> find(String id) {
        return matches.find(id);
    }

    @Override
    public List<CompletableFuture<ActionItem>> send(TaskAction action, Map<String, TaskResult> items) {
        var newIds = new HashMap<String, String>();
        items.values().forEach(task -> newIds.put(task.id(), newId(task)));
        var claims = reruns.claim(action.id(), newIds);
        var earlier = reruns.of(items.keySet());
        var sent = new ArrayList<CompletableFuture<ActionItem>>(items.size());
        for (var task : items.values()) {
            var claim = claims.get(newId(task));
            sent.add(retried(action, task, claim, earlier.getOrDefault(task.id(), Set.of())));
            if (sent.get(sent.size() - 1).isCompletedExceptionally()) {
                break; // the broker is away
            }
        }
        return sent;
    }

    private static String newId(TaskResult task) {
        return TaskIds.ofRerun(task.id(), task.queue(), task.partition(), task.offset());
    }

    private CompletableFuture<ActionItem> retried(
            TaskAction action, TaskResult task, @Nullable Claim claim, Set<String> earlier) {
        var newId = newId(task);
        var isOurs = new Claim(action.id(), task.id()).equals(claim);
        if (isOurs
                && earlier.contains(
                        newId)) { // it was sent before its gateway ended; workers may have forgotten its id by now
            return CompletableFuture.completedFuture(ActionItem.done(task.id(), newId, now()));
        }
        if (!earlier.isEmpty()) {
            return CompletableFuture.completedFuture(
                    ActionItem.refused(task.id(), "was retried before as " + String.join(", ", earlier), now()));
        }
        if (!isOurs) {
            return CompletableFuture.completedFuture(
                    ActionItem.refused(task.id(), "is run again as " + newId + " by " + by(claim), now()));
        }
        if (task.queue().equals(Workflow.QUEUE)) {
            return CompletableFuture.completedFuture(
                    ActionItem.refused(task.id(), "is a workflow; retry it as a workflow", now()));
        }
        try {
            var retry = Retry.of(task, newId);
            var order = action.order();
            queues.require(Caller.named(order.createdBy(), order.queues()), "queue", retry.queue());
            return client.sendTo(retry.queue(), retry.task()).handle((receipt, error) -> {
                if (error == null) {
                    return ActionItem.done(task.id(), newId, now());
                }
                if (error.getCause() instanceof RecordTooLargeException) {
                    return ActionItem.failed(task.id(), "is larger than the broker takes", now());
                }
                if (error.getCause() instanceof ApiException refused && !(refused instanceof RetriableException)) {
                    return ActionItem.failed(task.id(), "is refused by the broker: " + refused.getMessage(), now());
                }
                throw new IllegalStateException(error);
            });
        } catch (ProblemException e) {
            return CompletableFuture.completedFuture(
                    ActionItem.refused(task.id(), String.valueOf(e.getMessage()), now()));
        } catch (InvalidTaskException e) {
            return CompletableFuture.completedFuture(
                    ActionItem.failed(task.id(), String.valueOf(e.getMessage()), now()));
        }
    }

    private static String by(@Nullable Claim claim) {
        return claim == null ? "another action" : "action " + claim.action();
    }

    @Override
    public Object shown(TaskResult task) {
        return rules.redact(task);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
