package io.celeriac.resultsweb.page;

import io.celeriac.web.page.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of a task as parts of one line, to scale.
 *
 * @param parts in the order of time
 * @param from the submission
 * @param to the end, or the last thing that is known
 */
public record LifeLine(
        List<Part> parts, @Nullable Instant from, @Nullable Instant to) {

    private static final double WIDTH = 1_000;
    private static final double LEAST = 6;

    /**
     * A part of the line.
     *
     * @param look its class: {@code wait}, {@code back}, {@code run}, {@code ok} or {@code fail}
     * @param x where it begins, of 1,000
     * @param width of 1,000
     */
    public record Part(String look, double x, double width) {}

    private record Span(String look, Instant from, Instant to) {
        double seconds() {
            return Math.max(0, Duration.between(from, to).toNanos() / 1e9);
        }
    }

    static LifeLine of(Fields task, List<Fields> attempts) {
        var submitted = instant(task.get("submittedAt"));
        if (submitted == null) {
            return new LifeLine(List.of(), null, null);
        }
        var spans = new ArrayList<Span>();
        var at = submitted;
        for (var attempt : attempts) {
            var begin = instant(attempt.get("startedAt"));
            var end = instant(attempt.get("finishedAt"));
            if (begin == null) {
                continue;
            }
            spans.add(new Span(spans.isEmpty() ? "wait" : "back", at, begin));
            at = begin;
            if (end != null) {
                spans.add(new Span(look(String.valueOf(attempt.get("state"))), begin, end));
                at = end;
            }
        }
        return new LifeLine(scaled(spans), submitted, at);
    }

    private static String look(String state) {
        return switch (state) {
            case "SUCCESS" -> "ok";
            case "FAILURE", "RETRY" -> "fail";
            default -> "run";
        };
    }

    /** Every part is wide enough to be seen; the rest is to scale. */
    private static List<Part> scaled(List<Span> spans) {
        var total = spans.stream().mapToDouble(Span::seconds).sum();
        var free = WIDTH - LEAST * spans.size();
        var parts = new ArrayList<Part>();
        var x = 0.0;
        for (var span : spans) {
            var width = LEAST + (total > 0 ? Math.max(0, free) * span.seconds() / total : 0);
            parts.add(new Part(span.look(), x, Math.max(1, width - 2)));
            x += width;
        }
        return parts;
    }

    private static @Nullable Instant instant(@Nullable Object value) {
        return value instanceof String text ? Instant.parse(text) : null;
    }
}
