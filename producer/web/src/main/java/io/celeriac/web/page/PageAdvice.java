package io.celeriac.web.page;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.search.SearchException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.ui.Model;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** Gives every page its frame, and shows errors as pages. */
@ControllerAdvice(annotations = Page.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class PageAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(PageAdvice.class);

    private final Frames frames;

    PageAdvice(Frames frames) {
        this.frames = frames;
    }

    @ModelAttribute
    void frame(HttpServletRequest request, HttpServletResponse response, Model model) {
        response.setHeader("Cache-Control", "no-store");
        model.addAttribute("frame", frames.of(request));
        model.addAttribute("show", frames.show(request));
    }

    @ExceptionHandler
    ModelAndView problem(ProblemException e, HttpServletRequest request) {
        return page(HttpStatus.valueOf(e.status().value()), e.getMessage(), request);
    }

    @ExceptionHandler
    ModelAndView invalid(InvalidTaskException e, HttpServletRequest request) {
        return page(HttpStatus.BAD_REQUEST, e.getMessage(), request);
    }

    @ExceptionHandler
    ModelAndView unreadable(SearchException e, HttpServletRequest request) {
        return page(HttpStatus.BAD_REQUEST, e.getMessage(), request);
    }

    @ExceptionHandler
    ModelAndView unreadable(TypeMismatchException e, HttpServletRequest request) {
        return page(HttpStatus.BAD_REQUEST, text("problem.detail.400", request), request);
    }

    /** Thrown by the server on the first access to the parameters. */
    @ExceptionHandler
    ModelAndView unreadable(InvalidParameterException e, HttpServletRequest request) {
        return page(HttpStatus.BAD_REQUEST, text("problem.detail.400", request), request);
    }

    @ExceptionHandler
    ModelAndView tooMuchAsked(QueryTimeoutException e, HttpServletRequest request) {
        LOG.warn("a query of a page took the database too long: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, text("problem.detail.slow", request), request);
    }

    @ExceptionHandler
    ModelAndView brokerAway(KafkaException e, HttpServletRequest request) {
        LOG.warn("the broker does not answer a page: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, text("problem.detail.broker", request), request);
    }

    @ExceptionHandler
    ModelAndView busy(RejectedExecutionException e, HttpServletRequest request) {
        LOG.warn("a page found no thread: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, text("problem.detail.busy", request), request);
    }

    @ExceptionHandler
    ModelAndView databaseAway(CannotCreateTransactionException e, HttpServletRequest request) {
        LOG.warn("the database does not answer a page: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, null, request);
    }

    @ExceptionHandler
    ModelAndView databaseAway(DataAccessException e, HttpServletRequest request) {
        LOG.warn("the database does not answer a page: {}", e.getMessage());
        return page(HttpStatus.SERVICE_UNAVAILABLE, null, request);
    }

    /** A controller that answers by a future wraps its failure. */
    @ExceptionHandler
    ModelAndView wrapped(CompletionException e, HttpServletRequest request) {
        if (e.getCause() instanceof ProblemException problem) {
            return problem(problem, request);
        }
        return unexpected(e.getCause() instanceof Exception cause ? cause : e, request);
    }

    @ExceptionHandler
    ModelAndView unexpected(Exception e, HttpServletRequest request) {
        if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            return page(
                    HttpStatus.valueOf(known.getStatusCode().value()),
                    known.getBody().getDetail(),
                    request);
        }
        LOG.error("a page failed", e);
        return page(HttpStatus.INTERNAL_SERVER_ERROR, null, request);
    }

    private String text(String key, HttpServletRequest request) {
        return frames.show(request).text(key);
    }

    private ModelAndView page(HttpStatus status, @Nullable String detail, HttpServletRequest request) {
        return frames.problem(request, request.getRequestURI(), status, detail);
    }
}
