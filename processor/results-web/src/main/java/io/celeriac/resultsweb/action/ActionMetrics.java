package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * Counts the items of actions.
 *
 * <pre>
 * celeriac.web.action.items   counter by kind and outcome: items that got an outcome from this gateway
 * </pre>
 */
final class ActionMetrics {

    private final MeterRegistry registry;

    ActionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void ended(ActionKind kind, List<ActionItem> items) {
        for (var item : items) {
            var outcome = item.outcome();
            if (outcome != null) {
                Counter.builder("celeriac.web.action.items")
                        .description("Items of actions that got an outcome")
                        .tag("kind", kind.word())
                        .tag("outcome", outcome.word())
                        .register(registry)
                        .increment();
            }
        }
    }
}
