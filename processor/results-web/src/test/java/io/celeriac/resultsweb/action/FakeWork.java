package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.TaskAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Items with the names of numbers, which it remembers when they are sent. */
final class FakeWork implements ActionWork<Integer> {

    private final int items;
    private final List<String> searches = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private int diesAfter = Integer.MAX_VALUE;
    private boolean away;

    FakeWork(int items) {
        this.items = items;
    }

    /** Sends this number of items from now on, and then fails as a process that is killed: nothing after it happens. */
    void dieAfter(int sends) {
        diesAfter = sent.size() + sends;
    }

    void live() {
        diesAfter = Integer.MAX_VALUE;
    }

    /** Whether the broker is away, so that nothing can be sent. */
    void away(boolean value) {
        away = value;
    }

    /** Names of items that were sent, in order, each as often as it was sent. */
    List<String> sent() {
        return sent;
    }

    /** The searches that were asked for. */
    List<String> searches() {
        return searches;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.RETRY;
    }

    @Override
    public Page<Integer> next(Selection selection, @Nullable String cursor, int limit) {
        searches.add(selection.frozenQ());
        var from = cursor == null ? 0 : Integer.parseInt(cursor);
        var to = Math.min(items, from + limit);
        var page = new LinkedHashMap<String, Integer>();
        for (var number = from; number < to; number++) {
            page.put(name(number), number);
        }
        return new Page<>(page, to == items ? null : Integer.toString(to));
    }

    static String name(int number) {
        return "%07d".formatted(number);
    }

    /** Every tenth item is of another queue than mail. */
    @Override
    public Optional<String> queue(Integer item) {
        return Optional.of(item % 10 == 3 ? "reports" : "mail");
    }

    @Override
    public Optional<Integer> find(String name) {
        return Optional.of(Integer.valueOf(name));
    }

    @Override
    public List<CompletableFuture<ActionItem>> send(TaskAction action, Map<String, Integer> page) {
        var answers = new ArrayList<CompletableFuture<ActionItem>>();
        if (away) {
            answers.add(CompletableFuture.failedFuture(new IllegalStateException("the broker is away")));
            return answers;
        }
        page.forEach((name, number) -> {
            if (sent.size() >= diesAfter) {
                throw new KilledError();
            }
            sent.add(name);
            answers.add(CompletableFuture.completedFuture(
                    number % 10 == 9
                            ? ActionItem.refused(name, "ends with 9", Instant.EPOCH)
                            : ActionItem.done(name, "new-" + name, Instant.EPOCH)));
        });
        return answers;
    }

    @Override
    public Object shown(Integer item) {
        return name(item);
    }

    /** Stands for the end of the process: it passes every catch of an exception. */
    static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }
}
