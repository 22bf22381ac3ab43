package io.celeriac.resultsweb.event;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns records into events. Safe for use by several threads. */
final class StateChangeReader {

    private static final Logger LOG = LoggerFactory.getLogger(StateChangeReader.class);

    private final UnaryOperator<TaskResult> shown;

    /**
     * @param shown reduces a result to what clients may see; returns the same object if that is all of it
     */
    StateChangeReader(UnaryOperator<TaskResult> shown) {
        this.shown = shown;
    }

    /** Empty for a record that is no result; the materializer sets it aside. */
    @SuppressWarnings("ReferenceEquality") // the same object need not be written again; equals would cost more
    Optional<StateChange> read(byte[] json) {
        try {
            var whole = TaskJson.result(json);
            var result = shown.apply(whole);
            var data = result == whole ? onOneLine(json) : TaskJson.bytes(result);
            return Optional.of(new StateChange(
                    result.id(),
                    result.state(),
                    result.task(),
                    result.queue(),
                    result.schedule() == null ? "" : result.schedule().name(),
                    result.rootId() == null ? result.id() : result.rootId(),
                    result.labels(),
                    Frame.body(result.state().name(), data)));
        } catch (InvalidTaskException e) {
            LOG.debug("a record is not a result and is skipped", e);
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) { // otherwise the record ends every stream that reads it
            LOG.warn("a record cannot be read and is skipped", e);
            return Optional.empty();
        }
    }

    /** Removes line breaks, which would end the event's line. In JSON they can only be between two tokens. */
    private static byte[] onOneLine(byte[] json) {
        for (var one : json) {
            if (one == '\n' || one == '\r') {
                return TaskJson.bytes(TaskJson.MAPPER.readTree(json));
            }
        }
        return json;
    }
}
