package io.celeriac.resultsweb.stats;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.parameter.DurationParameter;
import io.celeriac.web.parameter.Parameters;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells how many tasks were submitted and ended, and how long they waited and ran. */
@RestController
@RequestMapping(path = "/api/stats", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Stats")
public class StatsController {

    private final StatsSampler sampler;
    private final InstantSource clock;

    StatsController(StatsSampler sampler, InstantSource clock) {
        this.sampler = sampler;
        this.clock = clock;
    }

    @GetMapping
    @Operation(summary = "Count what was submitted and what ended, and how long it took", description = """
                    Submissions from `from` to before `to`, and throughput, failures, run times and wait times of the tasks \
                    that ended then: in total, in each step, by queue and by task. The default is the last 24 hours in steps of \
                    24 minutes. Both ends are extended to whole steps. A span of more than six hours is read from counters by \
                    the hour where its steps are whole hours, which is far faster. Times are seconds; percentiles come from histograms, and are off by at \
                    most a fifth up to 17 minutes.

                    The numbers come from counters, not from rows, and are at most two seconds old, or half a minute if the span is \
                    longer than a day. A task counts in the minute of its end, once, and its submission in the minute of `submittedAt`, once. A wait time counts for tasks that ended in \
                    their first attempt. A caller that is narrowed to queues gets the numbers of these queues.""")
    @ApiResponse(
            responseCode = "200",
            description = "The numbers",
            useReturnTypeSchema = true,
            content = @Content(examples = @ExampleObject("""
                                            {"from":"2026-01-31T12:00:00Z","to":"2026-01-31T13:00:00Z","step":"PT1H",
                                             "total":{"submitted":330,"succeeded":300,"failed":30,"revoked":0,
                                              "submittedPerSecond":0.0917,"perSecond":0.0917,
                                              "ran":{"count":330,"mean":5.0,"p50":4.9,"p95":9.8,"p99":10.9},"waited":null},
                                             "steps":[{"at":"2026-01-31T12:00:00Z","ended":{"submitted":330,"succeeded":300,"failed":30,"revoked":0,
                                              "submittedPerSecond":0.0917,"perSecond":0.0917,"ran":{"count":330,"mean":5.0,"p50":4.9,"p95":9.8,"p99":10.9},
                                              "waited":null}}],
                                             "queues":[],"tasks":[]}""")))
    @ApiResponse(responseCode = "422", description = "The span or the step is out of bounds", content = @Content)
    public Stats stats(
            @Parameter(description = "Ended at this instant or later", example = "2026-01-31T12:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "Ended before; default now") @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String queue,
            @Parameter(description = "Name of the handler") @RequestParam(required = false) @Nullable String task,
            @Parameter(
                            description =
                                    "Whole minutes, as ISO-8601 or as a number of seconds. Default: a sixtieth of the"
                                            + " span, in whole hours if that is more than half an hour",
                            example = "PT5M")
                    @RequestParam(required = false)
                    @Nullable
                    String step,
            Caller caller) {
        var span = Parameters.span(from, to, clock.instant());
        var length = step == null ? null : DurationParameter.of("step", step);
        return sampler.stats(StatsWindow.of(
                span.from(), span.to(), length, caller.within(Authority.TASK_READ, "queue", queue), task));
    }

    /** The numbers of a span without those of single queues and tasks, for charts. */
    public Stats ungrouped(Instant from, Instant to, @Nullable String queue, Caller caller) {
        return sampler.stats(StatsWindow.of(from, to, null, caller.within(Authority.TASK_READ, "queue", queue), null)
                .ungrouped());
    }
}
