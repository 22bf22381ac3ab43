package io.celeriac.gateway.submission;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.WorkflowMember;
import io.celeriac.web.parameter.DurationParameter;
import io.celeriac.web.problem.ProblemException;
import java.io.InputStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads submitted tasks. Beside the fields of a Task they have {@code queue} and {@code countdown}, which are the gateway's
 * own and do not go to the topic. Unknown fields are carried along with the task.
 */
public final class SubmissionReader {

    /** Reads one task of an array, so more tokens may follow. */
    private static final ObjectReader ELEMENT =
            TaskJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final InstantSource clock;
    private final long maxTaskSize;

    /**
     * @param maxTaskSize in bytes, of one task as it is written to the topic
     */
    SubmissionReader(InstantSource clock, long maxTaskSize) {
        this.clock = clock;
        this.maxTaskSize = maxTaskSize;
    }

    /**
     * Reads one task.
     *
     * @param idempotencyKey becomes the id; null for none
     * @throws InvalidTaskException when the body breaks a rule
     */
    Submission read(byte[] body, @Nullable String idempotencyKey) {
        var fields = object(parse(body));
        if (idempotencyKey != null) {
            identify(fields, idempotencyKey);
        }
        return submission(fields);
    }

    /** Converts each task of a batch at once, so that no more than one is in memory as a tree. */
    @FunctionalInterface
    interface Each<T> {

        /**
         * @param index from 0
         */
        T of(int index, Submission submission);
    }

    /**
     * Reads a batch as it comes, and stops at the first task that breaks a rule.
     *
     * @throws InvalidTaskException when a task breaks a rule; its field begins with {@code [index]}
     * @throws ProblemException when there are too many tasks, or one is too large
     */
    <T> List<T> readAll(InputStream body, Each<T> each) {
        var elements = new ElementStream(body, 2 * maxTaskSize);
        try (var parser = TaskJson.MAPPER.createParser(elements)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new InvalidTaskException("", "the body must be a JSON array of tasks");
            }
            var all = new ArrayList<T>();
            while (next(parser, elements, all.size())) {
                all.add(each.of(all.size(), element(parser, all.size())));
            }
            if (parser.nextToken() != null) {
                throw new InvalidTaskException("", "the body is not JSON: something follows the array");
            }
            return all;
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    private static boolean next(JsonParser parser, ElementStream elements, int index) {
        elements.begin(index);
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            return false;
        }
        if (index == Limits.BATCH) {
            throw new ProblemException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "a batch has at most " + Limits.BATCH + " tasks, but this one has more");
        }
        return true;
    }

    private Submission element(JsonParser parser, int index) {
        JsonNode json = ELEMENT.readTree(parser);
        try {
            return submission(object(json));
        } catch (InvalidTaskException e) {
            var field = "[" + index + "]" + (e.field().isEmpty() ? "" : "." + e.field());
            throw new InvalidTaskException(field, e.rule());
        }
    }

    private Submission submission(ObjectNode fields) {
        var queue = fields.remove("queue");
        var countdown = fields.remove("countdown");
        var name = isAbsent(queue) ? TaskRules.DEFAULT_QUEUE : TaskRules.queue(text("queue", queue));
        var task = TaskJson.task(fields);
        WorkflowMember.requireNone(task);
        if (!isAbsent(countdown)) {
            if (task.eta() != null) {
                throw new InvalidTaskException("countdown", "must not be given together with eta");
            }
            var eta = clock.instant().truncatedTo(ChronoUnit.MICROS).plus(DurationParameter.of("countdown", countdown));
            task = task.toBuilder().eta(eta).build();
        }
        var size = TaskJson.bytes(task).length;
        if (size > maxTaskSize) {
            throw new InvalidTaskException("", "has " + size + " bytes, but a task may have " + maxTaskSize);
        }
        return new Submission(name, task);
    }

    private static void identify(ObjectNode fields, String idempotencyKey) {
        TaskRules.id("Idempotency-Key", idempotencyKey);
        var id = fields.get("id");
        if (!isAbsent(id) && !idempotencyKey.equals(text("id", id))) {
            throw new InvalidTaskException("id", "must be the Idempotency-Key, or absent");
        }
        fields.put("id", idempotencyKey);
    }

    private static JsonNode parse(byte[] body) {
        try {
            return TaskJson.MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    private static InvalidTaskException notJson(JacksonException e) {
        var at = e.getLocation();
        return new InvalidTaskException(
                "",
                "the body is not JSON: " + e.getOriginalMessage()
                        + (at == null || at.getLineNr() < 0
                                ? ""
                                : " at line " + at.getLineNr() + ", column " + at.getColumnNr()));
    }

    private static ObjectNode object(JsonNode json) {
        if (json instanceof ObjectNode fields) {
            return fields;
        }
        throw new InvalidTaskException("", "must be a JSON object");
    }

    private static String text(String field, JsonNode value) {
        if (!value.isString()) {
            throw new InvalidTaskException(field, "must be a string");
        }
        return value.asString();
    }

    private static boolean isAbsent(@Nullable JsonNode value) {
        return value == null || value.isNull();
    }
}
