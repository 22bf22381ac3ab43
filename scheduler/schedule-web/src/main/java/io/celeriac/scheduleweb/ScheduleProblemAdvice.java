package io.celeriac.scheduleweb;

import io.celeriac.schedule.UnreadableScheduleException;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.web.problem.ProblemAdvice;
import io.celeriac.web.problem.ProblemException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns the exceptions of schedules into problems. It takes precedence over {@link ProblemAdvice}, which handles every exception. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ScheduleProblemAdvice {

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidScheduleException e) {
        return ProblemAdvice.answer(ProblemException.invalid(e.field(), e.rule()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(UnreadableScheduleException e) {
        return ProblemAdvice.answer(
                new ProblemException(HttpStatus.CONFLICT, e.getMessage() + "; replace it by PUT, or delete it"));
    }
}
