package io.celeriac.resultsweb.export;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.request.AnswerTimeoutFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Exports all tasks that a search finds, as a file. */
@RestController
@RequestMapping("/api/tasks")
@Tag(name = "Tasks")
class ExportController {

    /** The header that tells how many tasks a file can have. */
    static final String LIMIT = "Export-Limit";

    private static final String CSV = "csv";
    private static final String JSON = "json";
    private static final int BUFFER = 1 << 15;

    private final TaskExport tasks;
    private final JsonMapper json;

    ExportController(
            TaskResultRepository tasks, TaskFields fields, Searches searches, RedactionRules rules, JsonMapper json) {
        this.tasks = new TaskExport(tasks, fields, searches, rules, json);
        this.json = json;
    }

    @GetMapping("/export")
    @Operation(
            summary = "Export tasks",
            description =
                    "All tasks that a search finds, newest submission first, as a file: at most as many as the header"
                            + " Export-Limit says. A file that does not have all says so at its end: CSV by a last line that begins"
                            + " with \"# incomplete:\", JSON by \"complete\": false. A text that a spreadsheet would take for a formula"
                            + " begins with an apostrophe in CSV. A caller that is narrowed to queues gets the tasks of these.")
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            headers = @Header(name = LIMIT, description = "Most tasks in a file", schema = @Schema(type = "integer")),
            content = {
                @Content(
                        mediaType = "text/csv",
                        schema = @Schema(type = "string"),
                        examples =
                                @ExampleObject(
                                        "id,task,queue,state,attempt,…\r\norder-17,mail.send,mail,FAILURE,5,…\r\n")),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(type = "object"),
                        examples =
                                @ExampleObject(
                                        "{\"items\":[{\"id\":\"order-17\",\"task\":\"mail.send\"}],\"complete\":true}"))
            })
    @ApiResponse(responseCode = "400", description = "The search cannot be read", content = @Content)
    void export(
            @Parameter(description = "A search, as in the list of tasks", example = "state:FAILURE queue:mail since:1h")
                    @RequestParam(defaultValue = "")
                    String q,
            @Parameter(schema = @Schema(allowableValues = {CSV, JSON})) @RequestParam(defaultValue = CSV) String format,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!format.equals(CSV) && !format.equals(JSON)) {
            throw ProblemException.invalid("format", "must be csv or json");
        }
        var found = tasks.find(q, caller);
        AnswerTimeoutFilter.allowLongAnswer(request);
        response.setContentType(format.equals(CSV) ? "text/csv;charset=UTF-8" : MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(LIMIT, String.valueOf(TaskExport.MOST));
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename("tasks." + format)
                        .build()
                        .toString());
        var out =
                new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), BUFFER);
        found.write(format.equals(CSV) ? new CsvFile(out) : new JsonFile(json, out));
        out.flush();
    }
}
