package io.celeriac.contract.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * A command to one worker: the value of a record on the control topic. The worker acknowledges it in its {@link Heartbeat}. A worker
 * that starts later is not concerned, even if it has the same id.
 *
 * @param command what to do
 * @param id of the command, 1 to 64 characters
 * @param worker id of the worker that is to do it
 * @param by who gave the command
 * @param at when it was given
 * @param expiresAt a worker that reads it later does nothing
 */
@JsonPropertyOrder({"command", "id", "worker", "by", "at", "expiresAt"})
public record WorkerCommand(Kind command, String id, String worker, String by, Instant at, Instant expiresAt) {

    /** The kinds of commands. */
    public enum Kind {
        /** Hand the partitions over, and stay up without any. */
        @JsonProperty("drain")
        DRAIN,
        /** Take partitions again after a drain. */
        @JsonProperty("resume")
        RESUME;

        /** The word for it in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** True when a word stands for a kind; the topic has other commands as well. */
        public static boolean isOne(String word) {
            return Arrays.stream(values()).anyMatch(kind -> kind.word().equals(word));
        }
    }

    public WorkerCommand {
        Objects.requireNonNull(command, "command");
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        TaskRules.text("worker", Objects.requireNonNull(worker, "worker"), Limits.WORKER);
        TaskRules.text("by", Objects.requireNonNull(by, "by"), Limits.AUTHOR);
        TaskRules.instant("at", Objects.requireNonNull(at, "at"));
        TaskRules.instant("expiresAt", Objects.requireNonNull(expiresAt, "expiresAt"));
    }

    /** The record's key: of a worker, the topic keeps the last command. */
    public String key() {
        return "worker/" + worker;
    }
}
