package io.celeriac.contract.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A task's wish to be the only one of its unique key in its queue. Two tasks conflict when the earlier is in one of {@link #states()} and,
 * if there is a {@link #window()}, came less than that before. The wish of the later one counts.
 *
 * <p>The worker that owns the partition decides, since it alone knows the tasks there. So tasks of one unique key have to go to one
 * partition: that of {@link Task#partitionKey()}. Tasks that have a {@link Task#key()} are compared with those of the same key only.
 *
 * @param key what is unique, such as {@code invoice-4711}; up to {@value Limits#KEY} characters
 * @param window how long a task conflicts with later ones, from when its worker first saw it, &gt; 0 and at most
 *     {@link Limits#UNIQUE_WINDOW}; null for as long as it has not ended
 * @param states in which an earlier task conflicts; by default those that are not final, and with a window also
 *     {@link TaskState#SUCCESS}. Final ones need a window
 * @param onConflict what happens; by default {@link OnConflict#IGNORE}
 */
public record Unique(String key, @Nullable Duration window, Set<TaskState> states, OnConflict onConflict) {

    /** What happens to two tasks that conflict. */
    public enum OnConflict {
        /** The later one does not run: it ends as {@link TaskState#REVOKED}, and its result names the earlier one. */
        @JsonProperty("ignore")
        IGNORE,
        /**
         * The later one takes the place of the earlier, which ends as {@link TaskState#REVOKED} and names the later. One that runs
         * already finishes its attempt, and begins no other. With a countdown, only the last of many tasks runs.
         */
        @JsonProperty("replace")
        REPLACE,
        /** The later one does not run: it ends as {@link TaskState#FAILURE}, and its result names the earlier one. */
        @JsonProperty("reject")
        REJECT
    }

    public Unique {
        TaskRules.text("key", key, Limits.KEY);
        if (window != null) {
            TaskRules.duration("window", window);
            if (window.compareTo(Limits.UNIQUE_WINDOW) > 0) {
                throw new InvalidTaskException("window", "must be at most " + Limits.UNIQUE_WINDOW);
            }
        }
        if (states.isEmpty()) {
            throw new InvalidTaskException("states", "must not be empty");
        }
        states = Collections.unmodifiableSet(EnumSet.copyOf(states));
        if (window == null && states.stream().anyMatch(TaskState::isFinal)) {
            throw new InvalidTaskException("states", "must not contain a final state unless there is a window");
        }
    }

    @JsonCreator
    static Unique of(
            @JsonProperty("key") @Nullable String key,
            @JsonProperty("window") @Nullable Duration window,
            @JsonProperty("states") @Nullable Collection<TaskState> states,
            @JsonProperty("onConflict") @Nullable OnConflict onConflict) {
        if (key == null) {
            throw new InvalidTaskException("key", "is required");
        }
        return new Unique(
                key,
                window,
                states == null ? byDefault(window) : Set.copyOf(states),
                onConflict == null ? OnConflict.IGNORE : onConflict);
    }

    private static Set<TaskState> byDefault(@Nullable Duration window) {
        var states = EnumSet.of(TaskState.PENDING, TaskState.STARTED, TaskState.RETRY);
        if (window != null) {
            states.add(TaskState.SUCCESS);
        }
        return states;
    }

    /** Unique for as long as a task of the key has not ended; a later one is ignored. */
    public static Unique by(String key) {
        return of(key, null, null, null);
    }

    /** The same for a time from when a task came, whether it has not ended or has succeeded. */
    public static Unique by(String key, Duration window) {
        return of(key, window, null, null);
    }

    /** The same with other states. */
    public Unique in(Set<TaskState> newStates) {
        return new Unique(key, window, newStates, onConflict);
    }

    /** The same with another answer to a conflict. */
    public Unique onConflict(OnConflict newOnConflict) {
        return new Unique(key, window, states, newOnConflict);
    }
}
