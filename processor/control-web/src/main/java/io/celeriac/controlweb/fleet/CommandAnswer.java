package io.celeriac.controlweb.fleet;

import io.celeriac.controlweb.fleet.Fleet.Acknowledgements;
import io.celeriac.controlweb.fleet.Fleet.Acknowledgements.ByWorker;
import java.util.List;
import org.springframework.http.ResponseEntity;

/**
 * The answer to a command.
 *
 * @param id of the command
 * @param acknowledged the workers that have carried it out within a second
 * @param missing the workers that have not answered yet
 */
public record CommandAnswer(String id, List<ByWorker> acknowledged, List<String> missing) {

    /** 200 when all workers have answered; 202 when some have not, or none is up to answer. */
    public static ResponseEntity<CommandAnswer> of(String id, Acknowledgements answer) {
        var body = new CommandAnswer(id, answer.acknowledged(), answer.missing());
        return answer.missing().isEmpty() && !answer.acknowledged().isEmpty()
                ? ResponseEntity.ok(body)
                : ResponseEntity.accepted().body(body);
    }
}
