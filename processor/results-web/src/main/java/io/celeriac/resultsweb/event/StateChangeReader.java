package io.celeriac.resultsweb.event;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a record becomes an event. Safe for use by several threads. */
final class StateChangeReader {

    private static final Logger LOG = LoggerFactory.getLogger(StateChangeReader.class);

    private final UnaryOperator<TaskResult> shown;

    /**
     * @param shown what clients may see of a result; answers the very same where that is all of it
     */
    StateChangeReader(UnaryOperator<TaskResult> shown) {
        this.shown = shown;
    }

    /** Empty for what is no result, which the materializer sets aside. */
    @SuppressWarnings("ReferenceEquality") // untouched is what saves the writing; equal would cost more than that
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
            LOG.debug("a record is no result, and is passed over", e);
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) { // otherwise the record ends every stream that reads it
            LOG.warn("a record cannot be read, and is passed over", e);
            return Optional.empty();
        }
    }

    /** A line break would end the event's line; in JSON it can only be between two tokens. */
    private static byte[] onOneLine(byte[] json) {
        for (var one : json) {
            if (one == '\n' || one == '\r') {
                return TaskJson.bytes(TaskJson.MAPPER.readTree(json));
            }
        }
        return json;
    }
}
