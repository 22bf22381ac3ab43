package io.celeriac.controlweb.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.controlweb.queue.QueueOffsets.Place;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows what lies in the log of a queue. */
@RestController
@RequestMapping(path = "/api/queues", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Queues")
public class PeekController {

    private static final int MOST = 50;

    private final QueueSampler sampler;
    private final QueueReader reader;
    private final HandlerSecrets secrets;
    private final Topics topics;

    PeekController(QueueSampler sampler, QueueReader reader, HandlerSecrets secrets, Topics topics) {
        this.sampler = sampler;
        this.reader = reader;
        this.secrets = secrets;
        this.topics = topics;
    }

    /**
     * What lies in a partition of a queue.
     *
     * @param unread offset of the oldest record that no worker has taken yet
     * @param beginning offset of the first record that is kept
     * @param end offset behind the last record
     * @param items oldest first
     * @param next for {@code from} of the next call; absent when these are the last records
     */
    @JsonInclude(Include.NON_NULL)
    public record Peek(
            String queue,
            int partition,
            long unread,
            long beginning,
            long end,
            List<PeekedRecord> items,
            @Nullable Long next) {}

    @GetMapping("/{queue}/peek")
    @Operation(
            summary = "Peek into the log of a queue",
            description =
                    "The records of a partition as they lie in Kafka, oldest first, from the oldest that no worker has taken yet, or"
                            + " from an offset. Nothing is taken: workers do not notice. A record that is no task is shown as base64,"
                            + " with the reason. Secret arguments are marked, by what workers say of their handlers; while no worker"
                            + " has said so of a task, its arguments are withheld. A call reads at most 2 MB.")
    @ApiResponse(
            responseCode = "200",
            description = "The records",
            useReturnTypeSchema = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            "{\"queue\":\"mail\",\"partition\":0,\"unread\":4711,\"beginning\":0,\"end\":4712,\"items\":"
                                                    + "[{\"partition\":0,\"offset\":4711,\"at\":\"2026-01-31T12:00:00Z\",\"size\":87,\"id\":"
                                                    + "\"order-17\",\"task\":\"mail.send\",\"kwargs\":{\"to\":\"ada@example.org\"}}]}")))
    @ApiResponse(responseCode = "404", description = "There is no such queue or partition", content = @Content)
    public Peek peek(
            @PathVariable String queue,
            @RequestParam(defaultValue = "0") int partition,
            @Parameter(
                            description =
                                    "Offset of the first record. Default: that of the oldest that no worker has taken yet")
                    @RequestParam(required = false)
                    @Nullable
                    Long from,
            @Parameter(description = "1 to 50") @RequestParam(defaultValue = "20") int limit) {
        TaskRules.queue(queue);
        if (limit < 1 || limit > MOST) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MOST);
        }
        if (from != null && from < 0) {
            throw ProblemException.invalid("from", "must not be negative");
        }
        var place = place(queue, partition);
        var source = new TopicPartition(topics.tasks(queue), partition);
        var some = reader.read(source, from == null ? place.next() : from, limit);
        return new Peek(
                queue,
                partition,
                place.next(),
                some.beginning(),
                some.end(),
                some.records().stream()
                        .map(record -> PeekedRecord.of(record, queue, secrets))
                        .toList(),
                some.next());
    }

    private Place place(String queue, int partition) {
        var found = sampler.sample().queues().get(queue);
        if (found == null) {
            throw new ProblemException(HttpStatus.NOT_FOUND, "there is no queue " + queue);
        }
        var place = found.partitions().get(partition);
        if (place == null) {
            throw new ProblemException(HttpStatus.NOT_FOUND, "the queue " + queue + " has no partition " + partition);
        }
        return place;
    }
}
