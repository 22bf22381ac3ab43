package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionRepository;
import io.celeriac.results.action.TaskAction;
import io.celeriac.web.search.SearchException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on actions, a page at a time.
 *
 * <pre>
 * claim    takes the lease of the running action that is due first
 * begin    notes the items of the next page, in one transaction with the cursor
 * send     sends each item, and waits until the broker has all of them
 * end      stores the outcomes, and gives the lease back
 * </pre>
 *
 * <p>If the program ends between begin and end, another one takes the action after the lease. It sends the noted items again before it
 * begins a page. They have the same ids as the first time, so workers drop those that had been sent.
 */
final class ActionRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);
    private static final int BETWEEN_EXTENSIONS = 10;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final ActionRepository actions;
    private final ActionWorks works;
    private final Supplier<String> owners;
    private final ActionProperties settings;
    private final ActionMetrics metrics;
    private final InstantSource clock;

    /**
     * @param owners creates a new name for each claim
     */
    ActionRunner(
            ActionRepository actions,
            ActionWorks works,
            Supplier<String> owners,
            ActionProperties settings,
            ActionMetrics metrics,
            InstantSource clock) {
        this.actions = actions;
        this.works = works;
        this.owners = owners;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Works on one page of one action.
     *
     * @return false when there is nothing to do at this moment
     */
    boolean turn() {
        var owner = owners.get();
        var claimed = actions.claim(owner, settings.lease());
        if (claimed.isEmpty()) {
            return false;
        }
        var action = claimed.get();
        try {
            page(action, works.of(action.order().kind()), owner);
            return true;
        } catch (SearchException | IllegalArgumentException e) { // written by another version
            LOG.error("action {} cannot go on: {}", action.id(), e.getMessage());
            actions.abort(action.id(), "celeriac", clock.instant());
            return true;
        } catch (RuntimeException e) {
            actions.postpone(action.id(), owner, AFTER_FAILURE);
            throw e;
        }
    }

    private <T> void page(TaskAction action, ActionWork<T> work, String owner) {
        var items = new LinkedHashMap<String, T>();
        var names = actions.unfinished(action.id(), settings.pageSize());
        if (names.isEmpty()) {
            if (action.progress().exhausted()) {
                actions.finish(action.id(), owner, clock.instant());
                return;
            }
            var page = work.next(Selection.of(action.order()), action.progress().cursor(), limit(action));
            items.putAll(page.items());
            var noted = List.copyOf(items.keySet());
            if (!actions.begin(action.id(), owner, noted, page.next(), pause(action, noted.size()))) {
                return; // aborted, or another has it
            }
            names = actions.unfinished(action.id(), settings.pageSize()); // without those that had an outcome already
        }
        var outcomes = new ArrayList<ActionItem>();
        items.keySet().retainAll(names);
        var looked = 0;
        for (var name : names) {
            if (!items.containsKey(name)) {
                if (++looked % BETWEEN_EXTENSIONS == 0 && !actions.extend(action.id(), owner, settings.lease())) {
                    return; // another has it
                }
                work.find(name)
                        .ifPresentOrElse(
                                item -> items.put(name, item), () -> outcomes.add(refused(name, "is no longer there")));
            }
        }
        outcomes.addAll(takeOutOthers(action, work, items));
        if (!actions.extend(action.id(), owner, settings.lease())) {
            return; // another has it, and sends
        }
        var sent = work.send(action, items);
        var failure = failure(sent);
        sent.stream()
                .filter(one -> one.isDone() && !one.isCompletedExceptionally())
                .forEach(one -> outcomes.add(one.join()));
        if (failure == null || !outcomes.isEmpty()) { // what was sent must not be sent again for another's failure
            if (actions.end(action.id(), owner, outcomes)) {
                metrics.ended(action.order().kind(), outcomes);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Takes out items of queues that the action must not touch: an id may have come to another queue since it was noted. */
    private <T> List<ActionItem> takeOutOthers(TaskAction action, ActionWork<T> work, Map<String, T> items) {
        var selection = Selection.of(action.order());
        var others = new ArrayList<ActionItem>();
        items.entrySet().removeIf(item -> {
            var isOther = !selection.holds(work.queue(item.getValue()).orElse(null));
            if (isOther) {
                others.add(refused(item.getKey(), "is in a queue that is not granted to who made the action"));
            }
            return isOther;
        });
        return others;
    }

    private ActionItem refused(String name, String reason) {
        return ActionItem.refused(name, reason, clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    /** Waits for all; returns why some were not sent, null when all were. */
    private @Nullable RuntimeException failure(List<CompletableFuture<ActionItem>> sent) {
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new))
                    .orTimeout(settings.lease().toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            return null;
        } catch (CompletionException e) {
            return e;
        }
    }

    /** With a rate, a page is what one second may take, at least one item. */
    private int limit(TaskAction action) {
        var rate = action.order().rate();
        return rate == null ? settings.pageSize() : (int) Math.max(1, Math.min(settings.pageSize(), Math.floor(rate)));
    }

    private static Duration pause(TaskAction action, int items) {
        var rate = action.order().rate();
        return rate == null ? Duration.ZERO : Duration.ofNanos((long) (items / rate * 1e9));
    }
}
