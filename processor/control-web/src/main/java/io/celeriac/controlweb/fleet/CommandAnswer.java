package io.celeriac.controlweb.fleet;

import io.celeriac.controlweb.fleet.Fleet.Acknowledgements;
import io.celeriac.controlweb.fleet.Fleet.Acknowledgements.ByWorker;
import io.celeriac.web.problem.ProblemException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/**
 * The answer to a command.
 *
 * @param id of the command
 * @param acknowledged the workers that have carried it out within a second
 * @param missing the workers that have not answered yet
 */
public record CommandAnswer(String id, List<ByWorker> acknowledged, List<String> missing) {

    /**
     * 200 when all workers have answered; 202 when some have not, or none is up to answer.
     *
     * @throws ProblemException with 409 when a worker has refused
     */
    public static ResponseEntity<CommandAnswer> of(String id, Acknowledgements answer) {
        answer.acknowledged().stream()
                .filter(one -> one.failure() != null)
                .findFirst()
                .ifPresent(refused -> {
                    throw new ProblemException(
                            HttpStatus.CONFLICT, "worker " + refused.worker() + " refuses: " + refused.failure());
                });
        var body = new CommandAnswer(id, answer.acknowledged(), answer.missing());
        return answer.missing().isEmpty() && !answer.acknowledged().isEmpty()
                ? ResponseEntity.ok(body)
                : ResponseEntity.accepted().body(body);
    }
}
