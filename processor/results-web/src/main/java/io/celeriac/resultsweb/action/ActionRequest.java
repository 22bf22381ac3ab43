package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.TaskAction.Order;
import io.celeriac.web.parameter.BodyFields;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for an action.
 *
 * @param kind what to do with each item
 * @param q which tasks
 * @param rate most items a second; null for no limit
 * @param dryRun true: only count, and show a sample
 * @param terminate true: a revocation interrupts running attempts
 * @param name for people; null for none
 */
record ActionRequest(
        @Schema(
                name = "do",
                allowableValues = {"retry", "revoke", "replay"})
        ActionKind kind,

        String q,
        @Nullable Double rate,
        boolean dryRun,
        boolean terminate,
        @Nullable String name) {

    private static final double LOWEST_RATE = 0.01;
    private static final double HIGHEST_RATE = 10_000;
    private static final int LONGEST_NAME = 255;

    /**
     * Reads a body.
     *
     * @param kind of the action; null if the body says it
     * @throws io.celeriac.contract.rule.InvalidTaskException naming the field that breaks a rule
     * @throws ProblemException naming the field that breaks a rule
     */
    static ActionRequest read(byte @Nullable [] body, @Nullable ActionKind kind) {
        var fields = kind == null
                ? BodyFields.read(body, "do", "q", "rate", "dryRun", "terminate", "name")
                : BodyFields.read(body, "q", "rate", "dryRun", "terminate", "name");
        var asked = kind == null ? kind(fields.text("do")) : kind;
        var q = fields.text("q");
        if (q == null) {
            throw ProblemException.invalid("q", "is required");
        }
        var terminate = fields.flag("terminate");
        if (terminate && asked != ActionKind.REVOKE) {
            throw ProblemException.invalid("terminate", "is only for do=revoke");
        }
        var name = fields.text("name");
        if (name != null && name.length() > LONGEST_NAME) {
            throw ProblemException.invalid("name", "must have at most " + LONGEST_NAME + " characters");
        }
        return new ActionRequest(asked, q, rate(fields), fields.flag("dryRun"), terminate, name);
    }

    /**
     * Whether an action was asked for by the same request.
     *
     * @param queues of the caller; null for all
     */
    boolean asks(Order order, @Nullable Set<String> queues) {
        return kind == order.kind()
                && Objects.equals(queues, order.queues())
                && q.equals(order.q())
                && Objects.equals(rate, order.rate())
                && terminate == order.terminate()
                && Objects.equals(name, order.name());
    }

    private static ActionKind kind(@Nullable String word) {
        return ActionKind.of(word == null ? "" : word)
                .orElseThrow(() -> ProblemException.invalid(
                        "do",
                        "must be one of "
                                + Arrays.stream(ActionKind.values())
                                        .map(ActionKind::word)
                                        .collect(Collectors.joining(", "))));
    }

    private static @Nullable Double rate(BodyFields fields) {
        var rate = fields.value("rate");
        if (rate == null) {
            return null;
        }
        var number = rate.doubleValue(0); // 0 for what no double holds
        if (number < LOWEST_RATE || number > HIGHEST_RATE) {
            throw ProblemException.invalid("rate", "must be a number of items a second, from 0.01 to 10000");
        }
        return number;
    }
}
