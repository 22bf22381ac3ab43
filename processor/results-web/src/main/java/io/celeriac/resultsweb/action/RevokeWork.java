package io.celeriac.resultsweb.action;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.TaskAction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Revokes tasks that have not ended. */
final class RevokeWork implements ActionWork<TaskResult> {

    private final TaskMatches matches;
    private final TaskSender client;
    private final RedactionRules rules;
    private final InstantSource clock;

    RevokeWork(TaskMatches matches, TaskSender client, RedactionRules rules, InstantSource clock) {
        this.matches = matches;
        this.client = client;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.REVOKE;
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
        var sent = new ArrayList<CompletableFuture<ActionItem>>(items.size());
        for (var task : items.values()) {
            sent.add(revoked(action, task));
            if (sent.get(sent.size() - 1).isCompletedExceptionally()) {
                break; // the broker is away
            }
        }
        return sent;
    }

    private CompletableFuture<ActionItem> revoked(TaskAction action, TaskResult task) {
        if (task.queue().equals(Workflow.QUEUE)) {
            return CompletableFuture.completedFuture(
                    ActionItem.refused(task.id(), "is a workflow; revoke it as a workflow", now()));
        }
        return task.state().isFinal()
                ? CompletableFuture.completedFuture(
                        ActionItem.refused(task.id(), "has ended as " + task.state(), now()))
                : client.revoke(task.id(), action.order().terminate())
                        .thenApply(taken -> ActionItem.done(task.id(), null, now()));
    }

    @Override
    public Object shown(TaskResult task) {
        return rules.redact(task);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
