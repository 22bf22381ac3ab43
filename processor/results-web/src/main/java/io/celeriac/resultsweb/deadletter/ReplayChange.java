package io.celeriac.resultsweb.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.web.parameter.BodyFields;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a replay changes.
 *
 * @param value a task, in place of the dead letter's value; null to keep it
 * @param queue of the new task; null for the queue that the dead letter came from
 */
record ReplayChange(@Nullable JsonNode value, @Nullable String queue) {

    /** Sends the task as it was. */
    static final ReplayChange NONE = new ReplayChange(null, null);

    /** Whether it changes anything. */
    boolean isAny() {
        return value != null || queue != null;
    }

    /** SHA-256 of the value, in hexadecimal digits; null without a value. */
    @Nullable
    String digest() {
        return value == null
                ? null
                : HexFormat.of().formatHex(sha256().digest(value.toString().getBytes(UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Reads the body of a request.
     *
     * @param body null or empty for no change
     * @throws InvalidTaskException naming the field that breaks a rule
     */
    static ReplayChange read(byte @Nullable [] body) {
        var fields = BodyFields.read(body, "value", "queue");
        var value = fields.value("value");
        if (value != null && !value.isObject()) {
            throw new InvalidTaskException("value", "must be a task: a JSON object");
        }
        var queue = fields.text("queue");
        return new ReplayChange(value, queue == null ? null : TaskRules.queue(queue));
    }
}
