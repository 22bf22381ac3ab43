package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.TaskAction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What actions of one kind do with their items.
 *
 * @param <T> an item
 */
public interface ActionWork<T> {

    /** The kind of actions. */
    ActionKind kind();

    /**
     * The next items of an order, newest first.
     *
     * @param cursor where the page begins; null for the first page
     * @param limit most items
     */
    Page<T> next(Selection selection, @Nullable String cursor, int limit);

    /** The queue whose task an item is; empty when nobody knows. */
    Optional<String> queue(T item);

    /** The item of a name, if it is still there. */
    Optional<T> find(String name);

    /**
     * Sends the items. Safe to repeat: what is sent twice has the same id.
     *
     * @param items by their names
     * @return an outcome for each, as soon as the broker has answered; a future fails when the broker does not. After a future that
     *     has failed at once there are no more
     */
    List<CompletableFuture<ActionItem>> send(TaskAction action, Map<String, T> items);

    /** The item as an answer shows it, without secrets. */
    Object shown(T item);

    /**
     * A page of items.
     *
     * @param items by their names, in order; fewer than the limit, or none, even if there is a next page
     * @param next where the next page begins; null when this is the last
     * @param <T> an item
     */
    record Page<T>(Map<String, T> items, @Nullable String next) {}
}
