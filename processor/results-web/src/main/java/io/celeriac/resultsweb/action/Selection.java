package io.celeriac.resultsweb.action;

import io.celeriac.results.action.TaskAction.Order;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The items that an order is about.
 *
 * @param frozenQ a search with its times resolved
 * @param queues only tasks of these queues; null for all
 */
public record Selection(String frozenQ, @Nullable Set<String> queues) {

    static Selection of(Order order) {
        return new Selection(order.frozenQ(), order.queues());
    }

    /**
     * Whether a task of this queue may be among the items.
     *
     * @param queue null when nobody knows
     */
    public boolean holds(@Nullable String queue) {
        return queues == null || (queue != null && queues.contains(queue));
    }
}
