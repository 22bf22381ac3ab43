package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.results.count.CountQuery;
import io.celeriac.results.depth.DepthRepository;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import io.celeriac.web.load.SharedAnswers;
import io.celeriac.web.parameter.DurationParameter;
import io.celeriac.web.parameter.Parameters;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells how full a queue was. */
@RestController
@RequestMapping(path = "/api/stats/depth", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Stats")
public class DepthController {

    private static final Duration GOOD_FOR = Duration.ofSeconds(5);
    private static final int MOST_ANSWERS = 100;

    private final DepthRepository repository;
    private final Searches searches;
    private final InstantSource clock;
    private final SharedAnswers<Asked, QueueHistory> answers;

    private record Asked(String queue, CountQuery window) {}

    DepthController(DepthRepository repository, Searches searches, InstantSource clock) {
        this.repository = repository;
        this.searches = searches;
        this.clock = clock;
        answers = new SharedAnswers<>(
                this::read, GOOD_FOR, SharedAnswers.Room.forAnswers(MOST_ANSWERS), clock, Ticker.systemTicker());
    }

    private QueueHistory read(Asked asked) {
        var window = asked.window;
        return searches.run(() -> QueueHistory.of(
                asked.queue,
                window.from(),
                window.step(),
                repository.read(asked.queue, window.from(), window.step(), window.steps())));
    }

    @GetMapping
    @Operation(summary = "Tell how full a queue was", description = """
                    How many tasks were ready, parked and running, and how long the oldest had been ready, from `from` to before \
                    `to`. The default is the last 24 hours in steps of 24 minutes. Both ends are extended to whole steps. Each gateway \
                    looks once a minute; of several minutes in a step, each number is the greatest. A number that nobody knew is left \
                    out, and so are all of a minute in which nobody looked.""")
    @ApiResponse(
            responseCode = "200",
            description = "The numbers",
            useReturnTypeSchema = true,
            content = @Content(examples = @ExampleObject("""
                                            {"queue":"mail","from":"2026-01-31T12:00:00Z","to":"2026-01-31T12:02:00Z","step":"PT1M",
                                             "steps":[{"at":"2026-01-31T12:00:00Z","ready":1904,"parked":12,"running":16,
                                              "oldestReadyAge":41.5},
                                             {"at":"2026-01-31T12:01:00Z"}]}""")))
    @ApiResponse(responseCode = "422", description = "The span or the step is out of bounds", content = @Content)
    QueueHistory depth(
            @Parameter(description = "Name of the queue", example = "mail") @RequestParam String queue,
            @Parameter(description = "At this instant or later", example = "2026-01-31T12:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "Before; default now") @RequestParam(required = false) @Nullable String to,
            @Parameter(
                            description = "Whole minutes, as ISO-8601 or as a number of seconds, as for GET /api/stats",
                            example = "PT5M")
                    @RequestParam(required = false)
                    @Nullable
                    String step,
            Caller caller) {
        TaskRules.queue(queue);
        caller.within(Authority.TASK_READ, "queue", queue);
        var span = Parameters.span(from, to, clock.instant());
        return history(queue, span.from(), span.to(), step == null ? null : DurationParameter.of("step", step));
    }

    /** How full a queue was, for a page of somebody who may see it. */
    public QueueHistory recent(String queue, Duration window) {
        var now = clock.instant();
        return history(queue, now.minus(window), now, null);
    }

    private QueueHistory history(String queue, Instant from, Instant to, @Nullable Duration step) {
        return answers.answer(new Asked(queue, StatsWindow.of(from, to, step, null, null)));
    }
}
