package io.celeriac.gateway.problem;

import java.io.Serial;
import java.util.List;
import org.springframework.http.HttpStatus;

/** A request that is answered with a problem. */
public final class ProblemException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final transient List<FieldError> errors;

    /**
     * @param detail for people
     */
    public ProblemException(HttpStatus status, String detail) {
        this(status, detail, List.of());
    }

    private ProblemException(HttpStatus status, String detail, List<FieldError> errors) {
        super(detail);
        this.status = status;
        this.errors = errors;
    }

    /**
     * A value that breaks a rule: 422.
     *
     * @param rule what it must be, to be read after its name
     */
    public static ProblemException invalid(String field, String rule) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT, field + " " + rule, List.of(new FieldError(field, rule)));
    }

    HttpStatus status() {
        return status;
    }

    List<FieldError> errors() {
        return errors;
    }
}
