package io.celeriac.gateway.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What went wrong outside of the controllers, as a problem too: without its reasons, which are in the log. */
@Controller
class ProblemErrorController implements ErrorController {

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer value ? value : 404;
        var status = HttpStatus.resolve(code);
        ProblemWriter.write(
                request,
                response,
                status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status,
                code == 404 ? "there is nothing here" : "the request could not be answered");
    }
}
