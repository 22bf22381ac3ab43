package io.celeriac.engine.readiness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.QueueProperties.Order;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks in order that must not run at the same time. Of each chain one task has the turn, also while it waits for its
 * retry, and the others wait for its end. Belongs to the stream thread.
 */
public final class KeyOrder implements Gate {

    private static final String WHOLE_PARTITION = "";

    private static final class Chain {
        private String turn;
        private final Map<String, Instant> waiting = new LinkedHashMap<>(); // since when, by id, in the order they came

        Chain(String turn) {
            this.turn = turn;
        }
    }

    private final Order order;
    private final Map<String, Chain> chains = new HashMap<>();
    private int waiting;

    public KeyOrder(Order order) {
        this.order = order;
    }

    /** Whether there are any chains. */
    public boolean exist() {
        return order != Order.UNORDERED;
    }

    @Override
    public Stage stage() {
        return Stage.TURN;
    }

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        return enter(candidate.task(), now) ? Verdict.PASS : Verdict.WAIT;
    }

    @Override
    public @Nullable Wait explain(Candidate candidate, Instant now) {
        var since = since(candidate.task());
        if (since == null) {
            return null;
        }
        var isDue = candidate.due() <= now.toEpochMilli();
        return isDue ? new Wait(Stage.TURN, since, null) : DueGate.untilDue(candidate);
    }

    /**
     * Asks for the turn of a task; one that has it may ask again.
     *
     * @return whether it has it; else {@link #end} of those before it will give it
     */
    public boolean enter(AcceptedTask task, Instant now) {
        var key = key(task);
        if (key == null) {
            return true;
        }
        var chain = chains.computeIfAbsent(key, k -> new Chain(task.id()));
        if (chain.turn.equals(task.id())) {
            return true;
        }
        chain.waiting.put(task.id(), now);
        waiting++;
        return false;
    }

    /** Whether a task has the turn of its chain. */
    public boolean hasTurn(AcceptedTask task) {
        var key = key(task);
        var chain = key == null ? null : chains.get(key);
        return chain != null && chain.turn.equals(task.id());
    }

    @Override
    public boolean withdraw(Candidate candidate) {
        var task = candidate.task();
        var key = key(task);
        var chain = key == null ? null : chains.get(key);
        if (chain == null || chain.waiting.remove(task.id()) == null) {
            return false;
        }
        waiting--;
        return true;
    }

    /** Since when a task waits for its turn; null where it does not. */
    private @Nullable Instant since(AcceptedTask task) {
        var key = key(task);
        var chain = key == null ? null : chains.get(key);
        return chain == null ? null : chain.waiting.get(task.id());
    }

    /** Since when the task waits that has waited the longest; null for none. */
    public @Nullable Instant oldest() {
        return chains.values().stream()
                .flatMap(chain -> chain.waiting.values().stream().limit(1))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** How many tasks wait for their turn. */
    public int waiting() {
        return waiting;
    }

    /**
     * A task has come to its end.
     *
     * @param exists whether a task that waits is still there
     * @return the one whose turn it is now; null for none
     */
    @Nullable
    public String end(AcceptedTask task, Predicate<String> exists) {
        var key = key(task);
        var chain = key == null ? null : chains.get(key);
        if (chain == null || !chain.turn.equals(task.id())) {
            return null;
        }
        for (var ids = chain.waiting.keySet().iterator(); ids.hasNext(); ) {
            var next = ids.next();
            ids.remove();
            waiting--;
            if (exists.test(next)) {
                chain.turn = next;
                return next;
            }
        }
        chains.remove(key);
        return null;
    }

    private @Nullable String key(AcceptedTask task) {
        var key = task.origin().key();
        return switch (order) {
            case UNORDERED -> null;
            case KEY -> key == null ? null : new String(key, ISO_8859_1);
            case PARTITION -> WHOLE_PARTITION;
        };
    }
}
