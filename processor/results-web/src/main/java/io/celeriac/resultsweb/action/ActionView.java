package io.celeriac.resultsweb.action;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.ActionState;
import io.celeriac.results.action.TaskAction;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An action, as the API shows it.
 *
 * @param id of the action
 * @param kind what it does with each item
 * @param name for people; null for none
 * @param q the search as it was asked; null when the caller may not read what it looks into
 * @param frozenQ the search that it uses: with its times resolved; null together with q
 * @param withheld says why q is null; null otherwise
 * @param queues the only queues whose tasks it may touch; null for all
 * @param rate most items a second; null for no limit
 * @param terminate true: a revocation interrupts running attempts
 * @param state of the action
 * @param createdBy who asked for it
 * @param createdAt when it was created
 * @param expected items counted at the creation
 * @param expectedExact false: there were more
 * @param ended items that have an outcome
 * @param done items whose task or command the broker has
 * @param refused items that do not fit the action
 * @param failed items that the broker never takes
 * @param finishedAt when it was done or aborted; null before
 * @param abortedBy who aborted it; null unless it is aborted
 */
@JsonInclude(Include.NON_NULL)
public record ActionView(
        String id,
        @JsonProperty("do") ActionKind kind,
        @Nullable String name,
        @Nullable String q,
        @Nullable String frozenQ,
        @Nullable String withheld,
        @Nullable List<String> queues,
        @Nullable Double rate,
        boolean terminate,
        ActionState state,
        String createdBy,
        Instant createdAt,
        long expected,
        boolean expectedExact,
        long ended,
        long done,
        long refused,
        long failed,
        @Nullable Instant finishedAt,
        @Nullable String abortedBy) {

    /**
     * @param withheld why the search is not shown; null to show it
     */
    static ActionView of(TaskAction action, @Nullable String withheld) {
        var order = action.order();
        var progress = action.progress();
        return new ActionView(
                action.id(),
                order.kind(),
                order.name(),
                withheld == null ? order.q() : null,
                withheld == null ? order.frozenQ() : null,
                withheld,
                order.queues() == null ? null : order.queues().stream().sorted().toList(),
                order.rate(),
                order.terminate(),
                action.state(),
                order.createdBy(),
                order.createdAt(),
                action.expected(),
                action.expectedExact(),
                progress.done() + progress.refused() + progress.failed(),
                progress.done(),
                progress.refused(),
                progress.failed(),
                action.finishedAt(),
                action.abortedBy());
    }
}
