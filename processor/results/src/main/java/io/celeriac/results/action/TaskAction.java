package io.celeriac.results.action;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An action on all tasks that a search finds.
 *
 * @param id a UUID
 * @param order what it does
 * @param state of the action
 * @param expected items counted at the creation
 * @param expectedExact false: there were more
 * @param progress how far it is
 * @param finishedAt when it was done or aborted; null before
 * @param abortedBy who aborted it; null unless it is aborted
 */
public record TaskAction(
        String id,
        Order order,
        ActionState state,
        long expected,
        boolean expectedExact,
        Progress progress,
        @Nullable Instant finishedAt,
        @Nullable String abortedBy) {

    /**
     * What an action does.
     *
     * @param kind what it does with each item
     * @param name for people; null for none
     * @param q the search as it was asked
     * @param frozenQ the search with its times resolved, so that it finds nothing that came later
     * @param terminate true: a revocation interrupts running attempts
     * @param rate most items a second; null for no limit
     * @param createdBy name of the caller
     * @param createdAt when it was created
     * @param queues the only queues whose tasks it may touch, as its caller was narrowed to them; null for all
     */
    public record Order(
            ActionKind kind,
            @Nullable String name,
            String q,
            String frozenQ,
            boolean terminate,
            @Nullable Double rate,
            String createdBy,
            Instant createdAt,
            @Nullable Set<String> queues) {

        public Order {
            queues = queues == null ? null : Set.copyOf(queues);
        }

        /** An order of a caller who may touch all queues. */
        public Order(
                ActionKind kind,
                @Nullable String name,
                String q,
                String frozenQ,
                boolean terminate,
                @Nullable Double rate,
                String createdBy,
                Instant createdAt) {
            this(kind, name, q, frozenQ, terminate, rate, createdBy, createdAt, null);
        }
    }

    /**
     * How far an action is.
     *
     * @param begun items noted so far
     * @param done items whose task or command the broker has
     * @param refused items that do not fit the action
     * @param failed items that the broker never takes
     * @param cursor where the next page begins; null for the beginning
     * @param exhausted true: there is no next page
     */
    public record Progress(
            long begun,
            long done,
            long refused,
            long failed,
            @Nullable String cursor,
            boolean exhausted) {

        /** Of an action that has not begun. */
        public static final Progress NONE = new Progress(0, 0, 0, 0, null, false);
    }

    /** A new action. It is done at once if it has no items. */
    public static TaskAction created(String id, Order order, long expected, boolean exact) {
        var empty = expected == 0 && exact;
        return new TaskAction(
                id,
                order,
                empty ? ActionState.DONE : ActionState.RUNNING,
                expected,
                exact,
                Progress.NONE,
                empty ? order.createdAt() : null,
                null);
    }
}
