package io.celeriac.contract.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order to all workers: the value of a record on the control topic, whose key is the id of the task that it is about. It
 * holds as long as the topic keeps it, also for workers that start later and for a task that has yet to come.
 *
 * @param command what to do
 * @param id the task's
 * @param terminate whether an attempt that runs is interrupted; else it may finish, and only what has not begun is revoked
 * @param at when it was given
 */
public record Command(
        Kind command,
        String id,
        @JsonInclude(Include.NON_DEFAULT) boolean terminate,
        @Nullable Instant at) {

    /** What can be ordered. */
    public enum Kind {
        /** The task is not to run. */
        @JsonProperty("revoke")
        REVOKE;

        /** The word for it in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether a word stands for one of them; the topic has other commands as well. */
        public static boolean isOne(String word) {
            return Arrays.stream(values()).anyMatch(kind -> kind.word().equals(word));
        }
    }

    public Command {
        Objects.requireNonNull(command, "command");
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        TaskRules.instant("at", at);
    }

    /** Revokes a task. */
    public static Command revoke(String id, boolean terminate, Instant at) {
        return new Command(Kind.REVOKE, id, terminate, at);
    }
}
