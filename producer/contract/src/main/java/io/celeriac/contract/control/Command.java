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
 * A command to all workers: the value of a record on the control topic. The record's key is the task's id. The command is in
 * force as long as the topic keeps it, also for workers that start later and for a task that has not arrived yet.
 *
 * @param command what to do
 * @param id the task's id
 * @param terminate true: a running attempt is interrupted; false: it may finish, and only a task that has not started is revoked
 * @param at when the command was given
 */
public record Command(
        Kind command,
        String id,
        @JsonInclude(Include.NON_DEFAULT) boolean terminate,
        @Nullable Instant at) {

    /** The kinds of commands. */
    public enum Kind {
        /** The task is not to run. */
        @JsonProperty("revoke")
        REVOKE;

        /** The word for it in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** True when a word stands for a kind; the topic has other commands as well. */
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
