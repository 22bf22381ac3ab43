package io.celeriac.scheduleweb;

import io.celeriac.schedule.declaration.DeclaredSchedule;
import io.celeriac.schedule.declaration.DeclaredSchedules;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists the schedules that applications declare in their code, also those that were not created. */
@RestController
@RequestMapping(path = "/api/schedule-declarations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Schedules")
class DeclarationController {

    private static final int MAX_LIMIT = 200;

    private final DeclaredSchedules declared;
    private final ListPermits lists;

    DeclarationController(DeclaredSchedules declared, ListPermits lists) {
        this.declared = declared;
        this.lists = lists;
    }

    /**
     * @param source name of the application
     * @param name of the schedule
     * @param scheduleId of the schedule, if it belongs to this application; null when there is none, or it belongs to somebody else
     * @param remark why the schedule differs from its last declaration; null when it does not differ, or is meant to differ
     */
    record Declaration(
            String source,
            String name,
            @Nullable String scheduleId,
            @Nullable String remark) {

        static Declaration of(DeclaredSchedule declared) {
            return new Declaration(declared.source(), declared.name(), declared.scheduleId(), declared.remark());
        }
    }

    /**
     * @param items ordered by application and name
     * @param cursor for the next page; null when this is the last
     */
    record DeclarationPage(
            List<Declaration> items, @Nullable String cursor) {}

    @GetMapping
    @Operation(
            summary = "List what applications declare",
            description =
                    "Every schedule that an application has in its code, also one that was not created. With remarked, only those"
                            + " that differ from their declaration.")
    DeclarationPage list(
            @Parameter(description = "Name of the application") @RequestParam(required = false) @Nullable String source,
            @RequestParam(defaultValue = "false") boolean remarked,
            @Parameter(description = "1 to 200") @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "From the page before") @RequestParam(required = false) @Nullable String cursor) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MAX_LIMIT);
        }
        var page = lists.with(() -> declared.list(source, remarked, limit, cursor));
        return new DeclarationPage(page.items().stream().map(Declaration::of).toList(), page.cursor());
    }
}
