package io.celeriac.contract.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A command to drop what is in a queue: the value of a record on the control topic. Each task of the queue whose record lies before the
 * fence of its partition ends as REVOKED with the reason {@code purged}, unless it runs. A task behind the fence is not touched.
 *
 * @param id of the command, 1 to 64 characters
 * @param queue to be purged
 * @param topicId Kafka's id of the queue's topic; a topic that is created anew has other offsets, so the fences do not hold there
 * @param fences by partition, the offset of the first record that stays; a partition without a fence keeps everything
 * @param by who gave the command
 * @param at when it was given
 */
@JsonPropertyOrder({"command", "id", "queue", "topicId", "fences", "by", "at"})
public record PurgeCommand(String id, String queue, String topicId, Map<Integer, Long> fences, String by, Instant at) {

    /** The value of the field {@code command}. */
    public static final String COMMAND = "purge";

    public PurgeCommand {
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        TaskRules.queue(Objects.requireNonNull(queue, "queue"));
        TaskRules.text("topicId", Objects.requireNonNull(topicId, "topicId"), Limits.ID);
        TaskRules.text("by", Objects.requireNonNull(by, "by"), Limits.AUTHOR);
        TaskRules.instant("at", Objects.requireNonNull(at, "at"));
        fences = fences(Objects.requireNonNull(fences, "fences"));
    }

    private static Map<Integer, Long> fences(Map<Integer, Long> fences) {
        fences.forEach((partition, fence) -> {
            if (partition == null || fence == null || partition < 0 || fence < 0) {
                throw new InvalidTaskException("fences." + partition, "must be an offset of a partition");
            }
        });
        return Collections.unmodifiableMap(new TreeMap<>(fences));
    }

    /** The command of the record, for readers of the topic. */
    @JsonProperty(value = "command", access = JsonProperty.Access.READ_ONLY)
    String command() {
        return COMMAND;
    }

    /** The record's key: a later purge of a queue replaces an earlier one, because its fences are not before those. */
    public String key() {
        return "purge/" + queue;
    }
}
