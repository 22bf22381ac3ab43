package io.celeriac.web.problem;

import io.celeriac.client.SubmitException;
import io.celeriac.contract.json.JsonErrors;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.web.search.SearchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Maps errors to problems. Errors of the gateway itself are logged; the answer does not tell their reasons. */
@RestControllerAdvice
public class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> problem(ProblemException e) {
        return answer(e);
    }

    /** The answer for a problem; for the advice of a feature, which turns its own exceptions into problems. */
    public static ResponseEntity<ProblemDetail> answer(ProblemException e) {
        var answer = ResponseEntity.status(e.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        e.retryAfter().ifPresent(after -> answer.header(HttpHeaders.RETRY_AFTER, String.valueOf(after.toSeconds())));
        return answer.body(withErrors(e.status(), String.valueOf(e.getMessage()), e.errors()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidTaskException e) {
        var detail = String.valueOf(e.getMessage());
        return e.field().isEmpty()
                ? answer(HttpStatus.BAD_REQUEST, detail)
                : answer(HttpStatus.UNPROCESSABLE_CONTENT, detail, List.of(new FieldError(e.field(), e.rule())));
    }

    /** Adds where the search is at fault: {@code position} from 0, and {@code caret}, two lines for people. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(SearchException e) {
        var rule = String.valueOf(e.getMessage());
        var problem = withErrors(
                HttpStatus.BAD_REQUEST,
                "q at character " + (e.position() + 1) + ": " + rule,
                List.of(new FieldError("q", rule)));
        problem.setProperty("position", e.position());
        problem.setProperty("caret", e.caret());
        return ResponseEntity.status(HttpStatus.BAD_REQUEST)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notSubmitted(SubmitException e) {
        if (e.getCause() instanceof RecordTooLargeException) {
            return answer(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(e.getMessage()));
        }
        LOG.warn("{}", e.getMessage());
        return answer(
                HttpStatus.SERVICE_UNAVAILABLE,
                "the broker did not confirm in time, so it may have been taken or not; sending it again with the same"
                        + " id is safe: " + e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> brokerAway(KafkaException e) {
        LOG.warn("the broker does not answer", e);
        return answer(HttpStatus.SERVICE_UNAVAILABLE, "the broker does not answer");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(RejectedExecutionException e) {
        LOG.warn("a query found no thread: {}", e.getMessage());
        return problem(ProblemException.busy("the gateway has too much to do", Duration.ofSeconds(2)));
    }

    /** Thrown by the JSON reader for a number with an enormous exponent. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(NumberFormatException e) {
        LOG.info("a request has a number that cannot be read: {}", e.getMessage());
        return answer(HttpStatus.BAD_REQUEST, "the request has a number that cannot be read");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooMuchAsked(QueryTimeoutException e) {
        LOG.warn("a query took the database too long: {}", e.getMessage());
        return answer(
                HttpStatus.SERVICE_UNAVAILABLE,
                "the database did not find the answer in time: narrow the query, by a task name or a span of time");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> locked(PessimisticLockingFailureException e) {
        LOG.warn("a change waited too long for another: {}", e.getMessage());
        return problem(ProblemException.busy(
                "another change of the same rows takes too long; this one was not made", Duration.ofSeconds(2)));
    }

    /** Thrown by the server on the first access to the parameters: one has no name, or there are too many. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(InvalidParameterException e) {
        var status = HttpStatus.resolve(e.getErrorCode());
        var rule = "must be name=value, with & between, of at most a thousand";
        return answer(
                status == null || status.is5xxServerError() ? HttpStatus.BAD_REQUEST : status,
                "query " + rule,
                List.of(new FieldError("query", rule)));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> database(DataAccessException e) {
        if (e instanceof TransientDataAccessException
                || e instanceof RecoverableDataAccessException
                || e instanceof NonTransientDataAccessResourceException) {
            return databaseAway(e);
        }
        return unexpected(e);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> databaseAway(CannotCreateTransactionException e) {
        return databaseAway((Exception) e);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(Exception e) {
        LOG.error("a request failed", e);
        return answer(HttpStatus.INTERNAL_SERVER_ERROR, "an error of the gateway; its log says more");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var field = e instanceof MethodArgumentTypeMismatchException argument ? argument.getName() : "";
        var problem = withErrors(
                HttpStatus.BAD_REQUEST,
                field + " has a value that does not fit",
                List.of(new FieldError(field, "has a value that does not fit")));
        return handleExceptionInternal(e, problem, headers, HttpStatus.BAD_REQUEST, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return handleExceptionInternal(e, notReadable(e.getCause()), headers, status, request);
    }

    private static ProblemDetail notReadable(@Nullable Throwable cause) {
        if (!(cause instanceof JacksonException json)) {
            return withErrors(HttpStatus.BAD_REQUEST, "a JSON body is required", List.of());
        }
        var field = UnreadableJson.field(json);
        if (field.isEmpty()) {
            return withErrors(
                    HttpStatus.BAD_REQUEST,
                    json instanceof MismatchedInputException
                            ? "the body must be a JSON object"
                            : "the body is not JSON: " + json.getOriginalMessage(),
                    List.of());
        }
        var rule = JsonErrors.rule(json);
        return withErrors(HttpStatus.BAD_REQUEST, field + " " + rule, List.of(new FieldError(field, rule)));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotWritable(
            HttpMessageNotWritableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        if (accept == null || !accept.contains("charset")) {
            if (NestedExceptionUtils.getMostSpecificCause(e) instanceof IOException) {
                LOG.debug("the client did not wait for the end of an answer", e);
            } else {
                LOG.error("an answer could not be written", e);
            }
            return super.handleHttpMessageNotWritable(e, headers, status, request);
        }
        var problem = withErrors(
                HttpStatus.NOT_ACCEPTABLE,
                "Accept asks for a charset; JSON has none but UTF-8",
                List.of(new FieldError(HttpHeaders.ACCEPT, "must ask for no charset")));
        return handleExceptionInternal(e, problem, headers, HttpStatus.NOT_ACCEPTABLE, request);
    }

    /** For a browser that asks for a page that does not exist, a page. */
    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (request instanceof ServletWebRequest servlet
                && servlet.getResponse() != null
                && PageRequests.isPage(servlet.getRequest())) {
            try {
                PageProblem.write(
                        servlet.getRequest(), servlet.getResponse(), HttpStatus.NOT_FOUND, PageProblem.NOTHING);
                return null; // it is answered
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
        return super.handleNoResourceFoundException(e, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var own = new HttpHeaders(headers);
        own.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return super.handleExceptionInternal(e, body, own, status, request);
    }

    private static ResponseEntity<ProblemDetail> databaseAway(Exception e) {
        LOG.warn("the database does not answer: {}", e.getMessage());
        return answer(HttpStatus.SERVICE_UNAVAILABLE, "the database does not answer");
    }

    /** Ignores the request's Accept: otherwise a fault of the Accept itself could not be told. */
    private static ResponseEntity<ProblemDetail> answer(HttpStatus status, String detail, List<FieldError> errors) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(withErrors(status, detail, errors));
    }

    private static ResponseEntity<ProblemDetail> answer(HttpStatus status, String detail) {
        return answer(status, detail, List.of());
    }

    private static ProblemDetail withErrors(HttpStatus status, String detail, List<FieldError> errors) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        if (!errors.isEmpty()) {
            problem.setProperty("errors", errors);
        }
        return problem;
    }
}
