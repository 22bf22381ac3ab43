package io.celeriac.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.Progress;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.schedule.RegisterPolicy;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.contract.task.Unique.OnConflict;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Records of the wire, of ordinary values, values at the limits, one step past them, and odd ones. Most come about; others are refused
 * with {@link InvalidTaskException}.
 */
final class RandomWire {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final Random random;

    RandomWire(Random random) {
        this.random = random;
    }

    Task task() {
        return task(3);
    }

    private Task task(int steps) {
        var task = Task.named(odd() ? word(Limits.TASK_NAME) : "demo.add");
        maybe(() -> task.id(word(Limits.ID)));
        maybe(() -> task.args(list(this::value)));
        maybe(() -> task.kwargs(values()));
        maybe(() -> task.eta(instant()));
        maybe(() -> task.expires(instant()));
        maybe(() -> task.key(text(Limits.KEY)));
        maybe(() -> task.unique(unique()));
        maybe(() -> task.priority(random.nextInt(odd() ? 12 : 10)));
        maybe(() -> task.maxAttempts(one(1, 3, Integer.MAX_VALUE)));
        maybe(() -> task.backoff(backoff()));
        maybe(() -> task.timeLimit(duration()));
        maybe(() -> task.parentId(word(Limits.ID)));
        maybe(() -> task.rootId(word(Limits.ID)));
        maybe(() -> task.groupId(word(Limits.ID)));
        maybe(() -> task.retryOf(word(Limits.ID)));
        maybe(() -> task.onSuccess(steps(steps)));
        maybe(() -> task.onFailure(steps(steps)));
        maybe(() -> task.schedule(firing()));
        maybe(() -> task.labels(labels()));
        maybe(() -> task.trackStarted(true));
        maybe(() -> task.ignoreResult(true));
        maybe(() -> task.submittedAt(instant()));
        maybe(() -> task.extra(odd() ? Map.of(one("queue", "immutable", "task", "extra"), value()) : values()));
        return task.build();
    }

    TaskResult result() {
        var task = task(0);
        var result = TaskResult.of(
                task.toBuilder().id(task.id() == null ? "a" : task.id()).build(),
                odd() ? word(Limits.QUEUE_NAME) : "default",
                one(TaskState.values()));
        maybe(() -> result.attempt(one(0, 1, Integer.MAX_VALUE)));
        maybe(() -> result.revision(one(0L, 1L, Long.MAX_VALUE)));
        maybe(() -> result.result(value()));
        maybe(() -> result.error(new TaskError(text(Limits.ERROR_TYPE), textOrNull(), textOrNull())));
        maybe(() -> result.reason(one(RevokeReason.values())));
        maybe(() -> result.progress(new Progress(1, one(null, 7L), textOrNull(), odd() ? null : value())));
        maybe(() -> result.worker(text(Limits.WORKER)));
        maybe(() -> result.winner(word(Limits.ID)));
        maybe(() -> result.at(one(0, Integer.MAX_VALUE), one(0L, Long.MAX_VALUE)));
        maybe(() -> result.submittedAt(instant()));
        maybe(() -> result.startedAt(instant()));
        maybe(() -> result.finishedAt(instant()));
        maybe(() -> result.nextAttemptAt(instant()));
        maybe(() -> result.children(list(() -> word(Limits.ID))));
        return result.build();
    }

    Command command() {
        return Command.revoke(word(Limits.ID), random.nextBoolean(), instant());
    }

    ScheduleDeclaration declaration() {
        return new ScheduleDeclaration(
                text(Limits.SOURCE),
                random.nextBoolean(),
                list(() -> new Declared(
                        one(RegisterPolicy.values()), NODES.objectNode().setAll(values()))));
    }

    private List<Signature> steps(int depth) {
        if (depth == 0 || random.nextInt(400) == 0) {
            return depth == 0 ? List.of() : chain(one(Limits.STEP_DEPTH, Limits.STEP_DEPTH + 1));
        }
        return list(() -> new Signature(
                task(depth - 1).toBuilder().id(odd() ? "a" : null).build(), one(null, "mail"), random.nextBoolean()));
    }

    private static List<Signature> chain(int length) {
        List<Signature> steps = List.of();
        for (int i = 0; i < length; i++) {
            steps = List.of(Signature.of(Task.named("step").onSuccess(steps).build()));
        }
        return steps;
    }

    private Backoff backoff() {
        return new Backoff(one(Backoff.Kind.values()), duration(), Duration.ofDays(36_525), random.nextBoolean());
    }

    private Unique unique() {
        return new Unique(
                text(Limits.KEY),
                one(null, Duration.ofMinutes(1), Limits.UNIQUE_WINDOW, Limits.UNIQUE_WINDOW.plusNanos(1)),
                odd() ? Set.of(one(TaskState.values())) : Set.of(TaskState.PENDING, TaskState.STARTED),
                one(OnConflict.values()));
    }

    private Firing firing() {
        return new Firing(text(Limits.SCHEDULE_NAME), instant());
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        if (odd()) {
            var count = one(Limits.LABELS, Limits.LABELS + 1);
            for (int i = 0; i < count; i++) {
                labels.put("label-" + i, "");
            }
        } else {
            times(() -> labels.put(text(Limits.LABEL_NAME), odd() ? textOrNull() : text(Limits.LABEL_VALUE)));
        }
        return labels;
    }

    private Map<String, JsonNode> values() {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        times(() -> values.put(text(Limits.NAME), value()));
        return values;
    }

    /** A value as readers make it. */
    JsonNode value() {
        return switch (random.nextInt(8)) {
            case 0 -> NODES.stringNode(text(70_000));
            case 1 -> NODES.objectNode().setAll(random.nextInt(3) == 0 ? values() : Map.of());
            case 2 -> NODES.arrayNode().addAll(list(this::value));
            case 3 -> nested();
            case 4 -> one(NODES.nullNode(), NODES.booleanNode(true), NODES.booleanNode(false));
            default -> number();
        };
    }

    /** A value as Java code may make it; read back, it is of other types. */
    JsonNode javaValue() {
        return one(
                NODES.numberNode(1.5),
                NODES.numberNode(Double.NaN),
                NODES.numberNode(Double.MAX_VALUE),
                NODES.numberNode(random.nextFloat()),
                NODES.numberNode((short) 7),
                NODES.numberNode(new BigDecimal("1e10001")),
                NODES.numberNode(new BigDecimal("7")),
                NODES.binaryNode(new byte[] {1, 2, 3}),
                NODES.missingNode(),
                NODES.pojoNode("pojo"),
                null);
    }

    private JsonNode nested() {
        var depth = random.nextInt(odd() ? Limits.DEPTH + 2 : 3);
        JsonNode value = number();
        for (int i = 0; i < depth; i++) {
            value = random.nextBoolean()
                    ? NODES.arrayNode().add(value)
                    : NODES.objectNode().set("a", value);
        }
        return value;
    }

    private JsonNode number() {
        var digits = odd() ? 990 + random.nextInt(12) : 1 + random.nextInt(25);
        var text = new StringBuilder(random.nextBoolean() ? "-" : "").append(1 + random.nextInt(9));
        random.ints(digits - 1, 0, 10).forEach(text::append);
        if (random.nextBoolean()) {
            text.insert(text.length() - random.nextInt(Math.min(digits, 8)), ".");
            text.append(text.charAt(text.length() - 1) == '.' ? "0" : "");
        }
        if (random.nextInt(4) == 0) {
            text.append('e').append(random.nextInt(21_000) - 10_500);
        }
        var read = TaskJson.parse(text.toString().getBytes(UTF_8));
        return TaskJson.parse(
                TaskJson.bytes(read)); // 4.0e1 is read as a decimal, written as 40, and that read as an integer
    }

    private String word(int most) {
        return odd()
                ? one("events", "..", "no spaces", "ä", "", "\ud83c", "n".repeat(most + 1))
                : one("a", "018f-1", "n".repeat(most));
    }

    private String text(int most) {
        if (odd()) {
            return one("", "\ud83c", "\udf63x", "x".repeat(most + 1), "🍣".repeat(most + 1));
        }
        if (random.nextInt(20) == 0) {
            return one("x", "🍣", "\u0001", "あ").repeat(most);
        }
        return one("x", " ", "🍣", "\0", "a\"b\\c\n", "\u2028", "\uffff", "null", "é", "NaN", "0") + random.nextInt(10);
    }

    private String textOrNull() {
        return random.nextBoolean() ? null : text(5_000);
    }

    private Instant instant() {
        if (odd()) {
            return one(
                    Instant.parse("0999-12-31T23:59:59.999999999Z"),
                    Instant.parse("+10000-01-01T00:00:00Z"),
                    Instant.MIN,
                    Instant.MAX);
        }
        return one(
                NOW.plusMillis(random.nextInt()),
                NOW.plusNanos(random.nextInt()),
                Instant.EPOCH,
                Instant.parse("1000-01-01T00:00:00Z"),
                Instant.parse("9999-12-31T23:59:59.999999999Z"));
    }

    private Duration duration() {
        return odd()
                ? one(
                        Duration.ZERO,
                        Duration.ofSeconds(-1),
                        Duration.ofDays(36_526),
                        Duration.ofSeconds(Long.MAX_VALUE))
                : one(Duration.ofNanos(1), Duration.ofMillis(1_500), Duration.ofHours(7), Duration.ofDays(36_525));
    }

    private <T> List<T> list(Supplier<T> each) {
        List<T> list = new ArrayList<>();
        times(() -> list.add(each.get()));
        return list;
    }

    private void times(Runnable each) {
        for (int i = random.nextInt(3); i > 0; i--) {
            each.run();
        }
    }

    private void maybe(Runnable change) {
        if (random.nextInt(4) == 0) {
            change.run();
        }
    }

    private boolean odd() {
        return random.nextInt(40) == 0;
    }

    @SafeVarargs
    private <T> T one(T... all) {
        return all[random.nextInt(all.length)];
    }
}
