package io.celeriac.web.load;

import io.celeriac.web.problem.ProblemWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Answers with a problem when the server refuses a request before the application sees it. */
final class ProblemReportValve extends ErrorReportValve {

    static final String DETAIL = "the request line or a header is not well-formed, or holds what no server takes";

    @Override
    protected void report(Request request, Response response, @Nullable Throwable error) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            write(request, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Request request, Response response) throws IOException {
        var status = HttpStatus.resolve(response.getStatus());
        var isOurs = response.getStatus() >= 500;
        ProblemWriter.write(
                request,
                response,
                status == null ? HttpStatus.BAD_REQUEST : status,
                isOurs ? "the request could not be answered" : DETAIL);
    }
}
