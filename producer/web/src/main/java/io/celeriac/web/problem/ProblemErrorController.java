package io.celeriac.web.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers errors outside of the controllers with a problem. The reasons are only in the log. */
@Controller
class ProblemErrorController implements ErrorController {

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer value ? value : 404;
        var known = HttpStatus.resolve(code);
        var status = known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
        var path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri
                ? uri
                : request.getRequestURI();
        var asked = new HttpServletRequestWrapper(request) {
            @Override
            public String getRequestURI() {
                return path;
            }
        };
        if (PageRequests.isPage(asked)) {
            PageProblem.show(request, response, new PageProblem(status, detail(code), path)); // it has its own path
        } else {
            ProblemWriter.write(asked, response, status, detail(code));
        }
    }

    private static String detail(int code) {
        return switch (code) {
            case 400 -> "the body or a header is not well-formed";
            case 404 -> PageProblem.NOTHING;
            case 408 -> "the body came too slowly";
            default -> "the request could not be answered";
        };
    }
}
