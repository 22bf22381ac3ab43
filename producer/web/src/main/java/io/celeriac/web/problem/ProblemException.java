package io.celeriac.web.problem;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that is answered with a problem. */
public final class ProblemException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final transient List<FieldError> errors;
    private final @Nullable Duration retryAfter;

    /**
     * @param detail for people
     */
    public ProblemException(HttpStatus status, String detail) {
        this(status, detail, List.of(), null);
    }

    private ProblemException(HttpStatus status, String detail, List<FieldError> errors, @Nullable Duration retryAfter) {
        super(detail);
        this.status = status;
        this.errors = errors;
        this.retryAfter = retryAfter;
    }

    /**
     * A value that breaks a rule: 422.
     *
     * @param rule what it must be; the text follows the field's name
     */
    public static ProblemException invalid(String field, String rule) {
        return atField(HttpStatus.UNPROCESSABLE_CONTENT, field, rule);
    }

    /**
     * A value that cannot be read as its type: 400.
     *
     * @param rule what it must be; the text follows the field's name
     */
    public static ProblemException unreadable(String field, String rule) {
        return atField(HttpStatus.BAD_REQUEST, field, rule);
    }

    /**
     * A part of the body that is too large: 413.
     *
     * @param rule what is wrong; the text follows the field's name
     */
    public static ProblemException tooLarge(String field, String rule) {
        return atField(HttpStatus.CONTENT_TOO_LARGE, field, rule);
    }

    /**
     * A request that does not fit the state of the thing that it is about: 409.
     *
     * @param detail for people
     * @param fields what the next request must say; empty if none helps
     */
    public static ProblemException conflict(String detail, List<FieldError> fields) {
        return new ProblemException(HttpStatus.CONFLICT, detail, fields, null);
    }

    /** There is no room for the request: 503. */
    public static ProblemException busy(String detail, Duration retryAfter) {
        return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, detail, List.of(), retryAfter);
    }

    /** The caller has asked too often: 429. */
    public static ProblemException tooOften(String detail, Duration retryAfter) {
        return new ProblemException(HttpStatus.TOO_MANY_REQUESTS, detail, List.of(), retryAfter);
    }

    /**
     * A request that the caller may make only under a condition: 403.
     *
     * @param rule what it must be; the text follows the field's name
     */
    public static ProblemException forbidden(String field, String rule) {
        return atField(HttpStatus.FORBIDDEN, field, rule);
    }

    private static ProblemException atField(HttpStatus status, String field, String rule) {
        return new ProblemException(status, field + " " + rule, List.of(new FieldError(field, rule)), null);
    }

    /** The status of the answer. */
    public HttpStatus status() {
        return status;
    }

    List<FieldError> errors() {
        return errors;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
