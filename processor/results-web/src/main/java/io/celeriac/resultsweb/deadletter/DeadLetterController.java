package io.celeriac.resultsweb.deadletter;

import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists dead letters, and shows one. */
@RestController
@RequestMapping(path = "/api/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Dead letters")
public class DeadLetterController {

    private static final int MAX_LIMIT = 200;

    private final DeadLetterReader letters;
    private final DeadLetterView view;
    private final ReplayNotes replays;
    private final VisibleLetters visible;

    DeadLetterController(DeadLetterReader letters, DeadLetterView view, ReplayNotes replays, VisibleLetters visible) {
        this.letters = letters;
        this.view = view;
        this.replays = replays;
        this.visible = visible;
    }

    @GetMapping
    @Operation(
            summary = "List dead letters",
            description =
                    "Newest first, by partition; the topic has one partition. A page of large records has fewer than limit."
                            + " Continue while there is a before. replays tells which were sent again. A caller that is narrowed to"
                            + " queues sees the dead letters of these queues, and its pages can be short or empty.")
    public DeadLetterPage list(
            @Parameter(description = "1 to 200") @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "Only records with a lower offset") @RequestParam(required = false) @Nullable
                    Long before,
            @RequestParam(defaultValue = "0") int partition,
            Caller caller) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MAX_LIMIT);
        }
        if (before != null && before < 0) {
            throw ProblemException.invalid("before", "must not be negative");
        }
        letters.requirePartition(partition);
        var page = letters.newest(partition, limit, before);
        var records = page.records();
        var shown =
                records.stream().filter(letter -> visible.sees(caller, letter)).toList();
        return new DeadLetterPage(
                replays.added(shown, view),
                page.isLast() ? null : records.get(records.size() - 1).offset());
    }

    @GetMapping("/{partition}/{offset}")
    @Operation(summary = "Get a dead letter")
    public DeadLetterEntry one(@PathVariable int partition, @PathVariable long offset, Caller caller) {
        return replays.added(List.of(visible.require(caller, letters.at(partition, offset))), view)
                .get(0);
    }

    /**
     * @param items newest first
     * @param before for the next page; null when this is the last
     */
    public record DeadLetterPage(
            List<DeadLetterEntry> items, @Nullable Long before) {}
}
