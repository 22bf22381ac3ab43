package io.celeriac.resultsweb.deadletter;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The dead letters that a caller sees. A caller that is narrowed to queues sees those of tasks of these queues. */
final class VisibleLetters {

    private final Topics topics;

    VisibleLetters(Topics topics) {
        this.topics = topics;
    }

    boolean sees(Caller caller, ConsumerRecord<byte[], byte[]> letter) {
        return caller.queues() == null
                || queue(topics, letter).filter(caller::sees).isPresent();
    }

    /**
     * A dead letter that the caller sees.
     *
     * @throws ProblemException 404, as for a dead letter that is not there
     */
    ConsumerRecord<byte[], byte[]> require(Caller caller, ConsumerRecord<byte[], byte[]> letter) {
        if (!sees(caller, letter)) {
            throw DeadLetterReader.missing(letter.partition(), letter.offset());
        }
        return letter;
    }

    /** The queue that a dead letter came from; empty if it came from elsewhere, or nobody knows. */
    static Optional<String> queue(Topics topics, ConsumerRecord<byte[], byte[]> letter) {
        return Optional.ofNullable(DeadLetter.from(letter.headers()))
                .map(DeadLetter::topic)
                .filter(topic -> topic.startsWith(topics.tasksPrefix()))
                .map(topic -> topic.substring(topics.tasksPrefix().length()));
    }
}
