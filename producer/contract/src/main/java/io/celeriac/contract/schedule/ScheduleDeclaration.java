package io.celeriac.contract.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.celeriac.contract.json.WireMapper;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.rule.ValueRules;
import io.celeriac.contract.rule.WireText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * All schedules that an application declares in its code: the value of a record on the control topic. Its key is {@link #key()}, so
 * that the topic keeps the last declaration of each application. Schedulers read it; workers skip it.
 *
 * @param source name of the application, 1 to 100 characters
 * @param deleteGone true: schedules that this source declared before and no longer declares are deleted, unless a person changed them
 * @param schedules each name once
 */
@JsonPropertyOrder({"command", "source", "deleteGone", "schedules"})
public record ScheduleDeclaration(
        String source, @JsonInclude(Include.NON_DEFAULT) boolean deleteGone, List<Declared> schedules) {

    /** The value of the field {@code command}. */
    public static final String COMMAND = "declare-schedules";

    /** Most bytes of a declaration, so that it fits into a record of a broker with default settings. */
    public static final int MOST_BYTES = Limits.REQUEST_BYTES - Limits.REQUEST_OVERHEAD;

    /** Most levels of nested arrays and objects in one schedule, so that its declaration can be read. */
    private static final int MOST_LEVELS = Limits.RECORD_DEPTH - 10;

    /**
     * One schedule.
     *
     * @param policy what to do when the schedule exists already; absent: {@link RegisterPolicy#UPDATE}
     * @param schedule in the form of {@code POST /api/schedules}; not to be changed
     */
    public record Declared(RegisterPolicy policy, ObjectNode schedule) {

        @SuppressWarnings("ConstantConditions") // Jackson passes null for missing fields, whatever the type says
        public Declared {
            policy = policy == null ? RegisterPolicy.UPDATE : policy;
            Objects.requireNonNull(schedule, "schedule");
            ValueRules.check(
                    "schedule", schedule, MOST_LEVELS); // a value too deep for a task fails this schedule alone
        }

        /** The schedule's name; null if it has none, or the name is not a string. */
        public @Nullable String name() {
            return schedule.path("name").stringValue(null);
        }
    }

    public ScheduleDeclaration {
        Objects.requireNonNull(source, "source");
        if (source.isBlank() || WireText.isLongerThan(Limits.SOURCE, source) || !WireText.isWellFormed(source)) {
            throw new InvalidTaskException(
                    "source", "must have 1 to " + Limits.SOURCE + " characters, but is " + TaskRules.shown(source));
        }
        schedules = TaskRules.list("schedules", Objects.requireNonNull(schedules, "schedules"));
    }

    /** The command of the record, for readers of the topic. */
    @JsonProperty(value = "command", access = JsonProperty.Access.READ_ONLY)
    String command() {
        return COMMAND;
    }

    /** The record's key. */
    public String key() {
        return "schedules/" + source;
    }

    /**
     * The record's value.
     *
     * @throws InvalidTaskException when it is larger than {@link #MOST_BYTES}
     */
    public byte[] bytes() {
        var bytes = WireMapper.MAPPER.writeValueAsBytes(this);
        if (bytes.length > MOST_BYTES) {
            throw new InvalidTaskException(
                    "schedules",
                    "must come to at most " + MOST_BYTES + " bytes of JSON, but the " + schedules.size()
                            + " schedules of " + source + " come to " + bytes.length);
        }
        return bytes;
    }
}
