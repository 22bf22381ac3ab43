package io.celeriac.web.problem;

import io.celeriac.contract.TaskJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.util.HtmlUtils;

/**
 * Answers with a problem outside of controllers: with JSON, or with a plain page for a browser that asked for a page. Where it is known
 * who asks, {@link PageProblem} shows more.
 */
public final class ProblemWriter {

    private static final Map<HttpStatus, String> TITLES =
            Map.of(HttpStatus.FORBIDDEN, "Not for you", HttpStatus.NOT_FOUND, "There is nothing here");

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>%1$s · Celeriac</title>
              <script src="%2$s/assets/theme.js"></script>
              <link rel="icon" href="%2$s/assets/mark.svg" type="image/svg+xml">
              <link rel="stylesheet" href="%2$s/assets/celeriac.css">
            </head>
            <body class="plain">
              <main class="sign" id="main">
                <p class="brand"><svg class="icon" aria-hidden="true"><use href="%2$s/assets/icons.svg#mark"></use></svg>Celeriac</p>
                <div class="sign-card">
                  <h1>%1$s</h1>
                  %3$s
                  <p><a class="link" href="%2$s/">Go to the first page</a></p>
                </div>
              </main>
            </body>
            </html>
            """;

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
        if (PageRequests.isPage(request)) {
            writePage(request, response, status, detail);
            return;
        }
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        var words = ProblemWords.of(request.getHeader("Accept-Language"));
        problem.put("detail", words.detail(detail, errors));
        if (request.getRequestURI() != null) {
            problem.put("instance", request.getRequestURI());
        }
        if (!errors.isEmpty()) {
            problem.put("errors", words.errors(errors));
        }
        response.getOutputStream().write(TaskJson.bytes(problem));
    }

    /** A plain page, as nobody knows here who reads it. */
    static void writePage(HttpServletRequest request, HttpServletResponse response, HttpStatus status, String detail)
            throws IOException {
        var title = TITLES.getOrDefault(status, status.getReasonPhrase());
        var page = PAGE.formatted(
                HtmlUtils.htmlEscape(title),
                HtmlUtils.htmlEscape(request.getContextPath()),
                detail.equalsIgnoreCase(title)
                        ? ""
                        : "<p>" + HtmlUtils.htmlEscape(StringUtils.capitalize(detail)) + ".</p>");
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
    }
}
