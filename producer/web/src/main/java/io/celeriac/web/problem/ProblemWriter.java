package io.celeriac.web.problem;

import io.celeriac.contract.TaskJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** Answers with a problem outside of controllers. */
public final class ProblemWriter {

    private ProblemWriter() {}

    /** Writes the whole answer. */
    public static void write(HttpServletRequest request, HttpServletResponse response, HttpStatus status, String detail)
            throws IOException {
        write(request, response, status, detail, List.of());
    }

    /** Writes the whole answer, which names fields, parameters or headers. */
    public static void write(
            HttpServletRequest request,
            HttpServletResponse response,
            HttpStatus status,
            String detail,
            List<FieldError> errors)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", detail);
        if (request.getRequestURI() != null) {
            problem.put("instance", request.getRequestURI());
        }
        if (!errors.isEmpty()) {
            problem.put("errors", errors);
        }
        response.getOutputStream().write(TaskJson.bytes(problem));
    }
}
