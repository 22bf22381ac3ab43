package io.celeriac.access.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.web.load.Searches;
import io.celeriac.web.parameter.Parameters;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists the audit, and verifies it. No call changes or deletes it. */
@RestController
@RequestMapping("/api/audit")
@Tag(name = "Access")
public class AuditController {

    private static final String CSV = "text/csv";
    private static final int MAX_LIMIT = 1_000;

    private final AuditRepository rows;
    private final Searches searches;

    AuditController(AuditRepository rows, Searches searches) {
        this.rows = rows;
        this.searches = searches;
    }

    /**
     * @param seq number of the row
     * @param who name of the user or token; empty for nobody who is known
     * @param action the kind of call
     * @param target the path that was called
     * @param source address of the client
     * @param status of the answer
     * @param detail such as the address of what was created; null for none
     */
    @JsonInclude(Include.NON_NULL)
    public record AuditView(
            long seq,
            Instant at,
            String who,
            String kind,
            String action,
            String target,
            String source,
            int status,
            @Nullable String detail) {

        static AuditView of(AuditRow row) {
            var entry = row.entry();
            return new AuditView(
                    row.seq(),
                    entry.at(),
                    entry.who(),
                    entry.kind(),
                    entry.action(),
                    entry.target(),
                    entry.source(),
                    entry.status(),
                    entry.detail().isEmpty() ? null : entry.detail());
        }
    }

    /**
     * @param items the latest first
     * @param before for the next page; null when this is the last
     */
    public record AuditPage(List<AuditView> items, @Nullable Long before) {}

    /**
     * @param rows that were checked
     * @param breaks how many rows were changed, or follow missing ones
     * @param brokenAt number of the first row that was changed, or is missing; null when the chain is whole
     * @param lastSeq number of the last row of the chain
     * @param lastHash of that row. Keep it elsewhere: a chain that was written anew has another
     */
    public record Verification(
            boolean whole, long rows, long breaks, @Nullable Long brokenAt, long lastSeq, String lastHash) {}

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "List the audit",
            description =
                    "Who changed what, and which person looked at which payload. The latest first. With Accept: text/csv as CSV."
                            + " Continue with before while there is one.")
    public AuditPage list(
            @Parameter(description = "Name of a user or token") @RequestParam(required = false) @Nullable String who,
            @Parameter(description = "The path that was called", example = "/api/tasks/first/revoke")
                    @RequestParam(required = false)
                    @Nullable
                    String target,
            @Parameter(description = "At this instant or later") @RequestParam(required = false) @Nullable String from,
            @Parameter(description = "Before this instant") @RequestParam(required = false) @Nullable String to,
            @Parameter(description = "Only rows with a lower number") @RequestParam(required = false) @Nullable
                    Long before,
            @Parameter(description = "1 to 1,000") @RequestParam(defaultValue = "100") int limit) {
        var found = find(who, target, from, to, before, limit);
        return new AuditPage(
                found.stream().map(AuditView::of).toList(),
                found.size() < limit ? null : found.get(found.size() - 1).seq());
    }

    @GetMapping(produces = CSV)
    @Operation(hidden = true)
    public String csv(
            @RequestParam(required = false) @Nullable String who,
            @RequestParam(required = false) @Nullable String target,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "1000") int limit)
            throws IOException {
        var text = new StringBuilder();
        var file = new AuditCsv(text);
        file.begin();
        file.add(find(who, target, from, to, before, limit));
        return text.toString();
    }

    /**
     * The rows as CSV, the latest first, all of them.
     *
     * @throws ProblemException when a value cannot be read; then nothing is written
     */
    public AuditExport export(
            @Nullable String who, @Nullable String target, @Nullable String from, @Nullable String to) {
        var first = query(who, target, from, to, null, MAX_LIMIT);
        return new AuditExport(searches.run(() -> rows.list(first)), first, rows);
    }

    private List<AuditRow> find(
            @Nullable String who,
            @Nullable String target,
            @Nullable String from,
            @Nullable String to,
            @Nullable Long before,
            int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MAX_LIMIT);
        }
        var query = query(who, target, from, to, before, limit);
        return searches.run(() -> rows.list(query));
    }

    private static AuditRepository.Query query(
            @Nullable String who,
            @Nullable String target,
            @Nullable String from,
            @Nullable String to,
            @Nullable Long before,
            int limit) {
        return new AuditRepository.Query(
                who, target, Parameters.instant("from", from), Parameters.instant("to", to), before, limit);
    }

    @GetMapping(path = "/verify", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Verify the audit",
            description =
                    "Walks the chain of hashes from the oldest row to the last, names the first row that does not fit, and counts all of them.")
    public Verification verify() {
        var found = searches.run(rows::verify);
        return new Verification(
                found.brokenAt() == null,
                found.rows(),
                found.breaks(),
                found.brokenAt(),
                found.lastSeq(),
                HexFormat.of().formatHex(found.lastHash()));
    }
}
