package io.celeriac.controlweb.queue;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.controlweb.fleet.CommandAnswer;
import io.celeriac.controlweb.fleet.Commands;
import io.celeriac.controlweb.fleet.Fleet;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.WaitingRequests;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows queues; pauses, resumes, purges them, and says how many workers they need. */
@RestController
@RequestMapping(path = "/api/queues", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Queues")
public class QueueController {

    private static final int MOST_WORKERS = 1_000;

    private final QueueSampler sampler;
    private final QueueNumbers numbers;
    private final Commands commands;
    private final WaitingRequests waitingRequests;
    private final InstantSource clock;

    QueueController(
            QueueSampler sampler,
            Fleet fleet,
            Commands commands,
            WaitingRequests waitingRequests,
            InstantSource clock) {
        this.sampler = sampler;
        this.numbers = new QueueNumbers(fleet);
        this.commands = commands;
        this.waitingRequests = waitingRequests;
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * The body of a pause.
     *
     * @param note why, for others; absent for none
     */
    record PauseBody(@Nullable String note) {}

    @GetMapping
    @Operation(
            summary = "List queues",
            description =
                    "How many tasks wait and run in each, why they wait, and how old the oldest is that could run. A number that is"
                            + " not known is null, and unknown says why. The numbers are at most two seconds old, those of workers at"
                            + " most seven, unless asOf says otherwise. A caller that is narrowed to queues sees these.")
    public List<QueueView> list(Caller caller) {
        return all(caller).stream().map(QueueView::brief).toList();
    }

    /** All queues that the caller sees, with their partitions. */
    public List<QueueView> all(Caller caller) {
        var sample = sampler.sample();
        var isFresh = sampler.isAnswering();
        var now = clock.instant();
        return sample.queues().entrySet().stream()
                .filter(queue -> caller.sees(queue.getKey()))
                .map(queue -> numbers.of(
                        queue.getKey(), queue.getValue(), rates(queue.getKey(), sample), sample.at(), isFresh, now))
                .toList();
    }

    @GetMapping("/{queue}")
    @Operation(summary = "Show a queue", description = "As in the list, and each partition with its owner.")
    @ApiResponse(responseCode = "404", description = "There is no such queue")
    public QueueView show(@PathVariable String queue, Caller caller) {
        return view(queue, caller);
    }

    @GetMapping("/{queue}/scale")
    @Operation(
            summary = "Say how many workers a queue needs",
            description =
                    "For an autoscaler. Counts what is ready, runs, or is due within a minute, and divides it by the concurrency of a"
                            + " worker. Never more than there are partitions, and never fewer than are busy.")
    public Scale scale(
            @PathVariable String queue,
            @Parameter(description = "Never fewer") @RequestParam(defaultValue = "0") int min,
            @Parameter(description = "Never more") @RequestParam(defaultValue = "1000") int max,
            Caller caller) {
        TaskRules.range("min", min, 0, MOST_WORKERS);
        TaskRules.range("max", max, min, MOST_WORKERS);
        return Scale.of(view(queue, caller), numbers.takers(queue), numbers.dueSoon(queue), min, max);
    }

    @PostMapping("/{queue}/pause")
    @Operation(
            summary = "Pause a queue",
            description =
                    "No task of the queue begins; running attempts end. Tasks are still taken in, and whoever submits one is told. The"
                            + " pause lasts over restarts until somebody resumes the queue. Answers which workers have acknowledged it"
                            + " within a second.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(examples = @ExampleObject("{\"note\": \"the mail server is down\"}")))
    @ApiResponse(responseCode = "200", description = "All workers of the queue have acknowledged it")
    @ApiResponse(responseCode = "202", description = "It is paused, and some workers have not answered yet")
    @ApiResponse(responseCode = "404", description = "There is no such queue")
    CompletableFuture<ResponseEntity<CommandAnswer>> pause(
            @PathVariable String queue, @RequestBody(required = false) @Nullable PauseBody body, Caller caller) {
        return set(queue, true, body == null ? null : body.note(), caller);
    }

    @PostMapping("/{queue}/resume")
    @Operation(summary = "Resume a paused queue", description = "Its tasks begin again within a second.")
    @ApiResponse(responseCode = "200", description = "All workers of the queue have acknowledged it")
    @ApiResponse(responseCode = "202", description = "It is resumed, and some workers have not answered yet")
    @ApiResponse(responseCode = "404", description = "There is no such queue")
    CompletableFuture<ResponseEntity<CommandAnswer>> resume(
            @Parameter(hidden = true) @RequestBody(required = false) byte @Nullable [] ignored,
            @PathVariable String queue,
            Caller caller) {
        return set(queue, false, null, caller);
    }

    @PostMapping("/{queue}/purge")
    @Operation(
            summary = "Purge a queue",
            description =
                    "Every task that is in the queue now and has not begun ends as REVOKED with the reason purged, whether it waits for"
                            + " its time, for a retry, or was not read by any worker. Running attempts end as usual, and are not tried"
                            + " again. A task that comes later is not touched. There is no way back.")
    @ApiResponse(responseCode = "200", description = "All workers of the queue have acknowledged it")
    @ApiResponse(
            responseCode = "202",
            description =
                    "It is purged, and some workers have not answered yet, or none is up: the tasks end when one is")
    @ApiResponse(responseCode = "404", description = "There is no such queue")
    CompletableFuture<ResponseEntity<CommandAnswer>> purge(
            @Parameter(hidden = true) @RequestBody(required = false) byte @Nullable [] ignored,
            @PathVariable String queue,
            Caller caller) {
        requireQueue(queue, caller);
        var now = sampler.ask(queue);
        var command = new PurgeCommand(
                UUID.randomUUID().toString(), queue, now.topicId(), now.ends(), caller.name(), clock.instant());
        return waitingRequests.during(() ->
                commands.purge(command, takers(queue)).thenApply(answer -> CommandAnswer.of(command.id(), answer)));
    }

    private CompletableFuture<ResponseEntity<CommandAnswer>> set(
            String queue, boolean paused, @Nullable String note, Caller caller) {
        requireQueue(queue, caller);
        var setting =
                LiveSetting.ofQueue(queue, UUID.randomUUID().toString(), caller.name(), clock.instant(), paused, note);
        return waitingRequests.during(() ->
                commands.set(setting, null, takers(queue)).thenApply(answer -> CommandAnswer.of(setting.id(), answer)));
    }

    private List<String> takers(String queue) {
        return numbers.takers(queue).stream().map(Heartbeat::id).toList();
    }

    private QueueView view(String queue, Caller caller) {
        TaskRules.queue(queue);
        var sample = sampler.sample();
        var found = sample.queues().get(queue);
        if (found == null) {
            throw unknown(queue, caller);
        }
        return numbers.of(queue, found, rates(queue, sample), sample.at(), sampler.isAnswering(), clock.instant());
    }

    private QueueView.@Nullable Rates rates(String queue, QueueOffsets sample) {
        return sampler.before(sample)
                .map(before -> QueueNumbers.rates(queue, before, sample))
                .orElse(null);
    }

    private void requireQueue(String queue, Caller caller) {
        TaskRules.queue(queue);
        if (!sampler.sample().queues().containsKey(queue)) {
            throw unknown(queue, caller);
        }
    }

    private ProblemException unknown(String queue, Caller caller) {
        return new ProblemException(
                HttpStatus.NOT_FOUND,
                "there is no queue " + queue + ", only "
                        + sampler.sample().queues().keySet().stream()
                                .filter(caller::sees)
                                .toList());
    }
}
