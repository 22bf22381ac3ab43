package io.celeriac.gateway.problem;

import io.celeriac.client.SubmitException;
import io.celeriac.contract.InvalidTaskException;
import io.celeriac.schedule.UnreadableScheduleException;
import io.celeriac.schedule.rule.InvalidScheduleException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Which error becomes which problem. What is nobody's fault but ours is logged; its reasons are not told. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> problem(ProblemException e) {
        var answer = ResponseEntity.status(e.status());
        e.retryAfter().ifPresent(after -> answer.header(HttpHeaders.RETRY_AFTER, String.valueOf(after.toSeconds())));
        return answer.body(withErrors(e.status(), String.valueOf(e.getMessage()), e.errors()));
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidTaskException e) {
        var detail = String.valueOf(e.getMessage());
        return e.field().isEmpty()
                ? ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail)
                : withErrors(HttpStatus.UNPROCESSABLE_CONTENT, detail, List.of(new FieldError(e.field(), e.rule())));
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidScheduleException e) {
        return withErrors(
                HttpStatus.UNPROCESSABLE_CONTENT,
                e.field() + " " + e.rule(),
                List.of(new FieldError(e.field(), e.rule())));
    }

    @ExceptionHandler
    ProblemDetail unreadable(UnreadableScheduleException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, e.getMessage() + "; replace it by PUT, or delete it");
    }

    @ExceptionHandler
    ProblemDetail notSubmitted(SubmitException e) {
        if (e.getCause() instanceof RecordTooLargeException) {
            return ProblemDetail.forStatusAndDetail(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(e.getMessage()));
        }
        LOG.warn("{}", e.getMessage());
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "the broker did not confirm in time, so it may have been taken or not; sending it again with the same"
                        + " id is safe: " + e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail brokerAway(KafkaException e) {
        LOG.warn("the broker does not answer", e);
        return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "the broker does not answer");
    }

    @ExceptionHandler
    ProblemDetail tooMuchAsked(QueryTimeoutException e) {
        LOG.warn("a question took the database too long: {}", e.getMessage());
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "the database did not find the answer in time: narrow the question, by a task name or a span of time");
    }

    @ExceptionHandler
    ProblemDetail database(DataAccessException e) {
        if (e instanceof TransientDataAccessException
                || e instanceof RecoverableDataAccessException
                || e instanceof NonTransientDataAccessResourceException) {
            return databaseAway(e);
        }
        return unexpected(e);
    }

    @ExceptionHandler
    ProblemDetail databaseAway(CannotCreateTransactionException e) {
        return databaseAway((Exception) e);
    }

    @ExceptionHandler
    ProblemDetail unexpected(Exception e) {
        LOG.error("a request failed", e);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR, "an error of the gateway; its log says more");
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
        var detail = e.getCause() instanceof JacksonException json
                ? "the body is not JSON: " + json.getOriginalMessage()
                : "a JSON body is required";
        return handleExceptionInternal(
                e, ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail), headers, status, request);
    }

    private static ProblemDetail databaseAway(Exception e) {
        LOG.warn("the database does not answer: {}", e.getMessage());
        return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "the database does not answer");
    }

    private static ProblemDetail withErrors(HttpStatus status, String detail, List<FieldError> errors) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        if (!errors.isEmpty()) {
            problem.setProperty("errors", errors);
        }
        return problem;
    }
}
